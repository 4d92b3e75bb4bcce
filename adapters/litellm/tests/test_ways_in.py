"""Whichever way a request comes into the proxy: it is judged, or it does not come to the model."""

from support import ATTACK, NOT_PASSED, PICTURE, SECRET, ProxyTest, assistant, user

# As `/v1/responses` has them,
TEXT = {"type": "input_text", "text": "hello"}
INPUT_IMAGE = {"type": "input_image", "image_url": PICTURE["image_url"]["url"]}
# and as `/v1/messages` has them.
PLAIN = {"type": "text", "text": "hello"}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
DOCUMENT = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": ATTACK}}


class WaysIn(ProxyTest):
    def test_other_ways_in_are_judged_too(self):
        self.assertEqual(self.post("/v1/responses", {"model": "assistant", "user": "niaj", "input": "hello"}).status, 200)
        row = user("hello")
        self.assertEqual(self.ask([row], "niaj", "/v1/messages", max_tokens=9).status, 200)
        self.model.asked.clear()
        ways = [("/v1/responses", {"input": ATTACK}), ("/v1/messages", {"messages": [user(ATTACK)], "max_tokens": 9})]
        ways += [("/v1/completions", {"prompt": ATTACK}), ("/v1/embeddings", {"input": ATTACK})]
        for number, (path, body) in enumerate(ways):
            self.assert_blocked(self.post(path, {"model": "assistant", "user": f"olivia-{number}"} | body))
        text = f"say: {SECRET}"
        replies = [("/v1/responses", {"input": text}), ("/v1/messages", {"messages": [user(text)], "max_tokens": 9})]
        for asked, (path, body) in enumerate(replies, 1):
            self.assert_blocked(self.post(path, {"model": "assistant", "user": "peter"} | body), asked)

    def test_a_client_cannot_switch_it_off(self):
        off = [{"disable_global_guardrails": True}, {"guardrails": []}, {"opted_out_global_guardrails": ["sluicegate"]}]
        within = [{inside: each} for inside in ("metadata", "litellm_metadata") for each in off]
        for number, more in enumerate(within):
            self.assert_blocked(self.ask(ATTACK, f"craig-{number}", **more))
        # The guardrail refuses these, or judged_only.py does.
        for number, more in enumerate(off):
            self.assertEqual((self.ask(ATTACK, f"craig-top-{number}", **more).status, self.model.asked), (400, []))

    def test_what_no_guardrail_is_shown_does_not_reach_the_model(self):
        """Without judged_only.py each of these does, with LiteLLM 1.108.7."""
        beside = {"extra_body": {"messages": [user(ATTACK)]}, "prompt": ATTACK, "chat_template": ATTACK}
        beside |= {"prediction": {"type": "content", "content": ATTACK}, "fallbacks": [{"model": "assistant"}]}
        for key, value in beside.items():
            self.assert_malformed(self.ask("hello", "walt", **{key: value}), f"not passed on: {key}")
        call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": ATTACK}}
        rows = [{"content": [PICTURE]}, {"content": "hello", "name": ATTACK}, {"content": {"type": "text", "text": ATTACK}}]
        rows += [{"content": "hello", "tool_calls": [call]}, {"content": [ATTACK]}, {"content": None}]
        rows += [{"content": "hello", key: ATTACK} for key in ("reasoning_content", "prefix", "tool_call_id")]
        rows += [{"content": [{"type": "text", "text": "hello", "more": ATTACK}]}]
        for row in rows:
            self.assert_malformed(self.ask([{"role": "user"} | row], "walt"), "")

    def test_nor_does_it_by_other_ways_in(self):
        output = {"type": "function_call_output", "call_id": "c", "output": ATTACK}
        hidden = [{"type": "item_reference", "id": ATTACK}, {"type": "local_shell_call_output", "id": "c", "output": ATTACK}]
        inputs = [[user([INPUT_IMAGE])], [output], [], [user([TEXT, {"type": "refusal", "refusal": ATTACK}])], user(ATTACK)]
        inputs += [[user("hello"), each] for each in hidden]
        ways = [("responses", {"input": each}) for each in inputs]
        ways += [("responses", {"input": "hello", key: ATTACK}) for key in ("extra_body", "prompt", "context_management")]
        search = {"type": "search_result", "source": "x", "title": "t", "content": [PLAIN | {"text": ATTACK}]}
        contents = [[IMAGE], [DOCUMENT], [PLAIN, DOCUMENT], [PLAIN, search]]
        result = {"type": "tool_result", "tool_use_id": "c", "content": [DOCUMENT]}
        rows = [*([user(content)] for content in contents), [user("hello"), user([result])], []]
        ways += [("messages", {"messages": each, "max_tokens": 9}) for each in rows]
        ways += [("messages", {"messages": [user("hello")], "max_tokens": 9, key: ATTACK}) for key in ("extra_body", "prompt")]
        prompts = [{"prompt": "hello", "suffix": ATTACK}, {"prompt": [1, 2]}, {"prompt": [[1, 2]]}]
        ways += [("completions", body) for body in prompts]
        ways += [("embeddings", {"input": [1, 2]}), ("moderations", {"input": ATTACK}), ("responses/compact", {"input": ATTACK})]
        ways += [("images/generations", {"prompt": "a cat"}), ("audio/speech", {"input": "hello", "voice": "alloy"})]
        ways += [("batches", {"input_file_id": "f", "endpoint": "/v1/completions", "completion_window": "24h"})]
        ways = [(f"/v1/{path}", body) for path, body in ways]
        ways += [("/interactions", {"input": ATTACK}), ("/models/assistant:generateContent", {"contents": [{"parts": [TEXT]}]})]
        for path, body in ways:
            answer = self.post(path, {"model": "assistant", "user": "walt"} | body)
            self.assertEqual(self.model.asked, [], f"{path} {body}: {answer.body}")
            # The proxy itself breaks over a refusal of a batch.
            self.assertEqual(answer.status, 500 if path == "/v1/batches" else 400, f"{path} {body}: {answer.body}")
            self.assertNotIn(NOT_PASSED, answer.body)

    def test_what_other_ways_in_usually_hold_passes(self):
        """A conversation with a picture and a tool, as clients send it; but by /v1/responses no tool brings anything."""
        call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
        output = {"type": "function_call_output", "call_id": "c", "output": "nine to five"}
        said = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hello."}]}
        body = {"input": [user([TEXT, INPUT_IMAGE]), said, user("and now?")], "instructions": "Be kind.", "store": False}
        self.assertEqual(self.post("/v1/responses", {"model": "assistant", "user": "ada"} | body).status, 200)
        body["input"] += [call, output]
        use = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "nine to five"}]}
        said = [PLAIN | {"cache_control": {"type": "ephemeral"}}, IMAGE]
        rows = [user(said), assistant([use]), user([result])]
        answer = self.ask(rows, "ada", "/v1/messages", max_tokens=9, system="Be kind.", metadata={"user_id": "ada"})
        self.assertEqual(answer.status, 200)
        # What a tool brought is judged there too.
        result["content"][0]["text"] = output["output"] = ATTACK
        self.model.asked.clear()
        self.assert_blocked(self.post("/v1/responses", {"model": "assistant", "user": "ada"} | body))
        self.assert_blocked(self.ask(rows, "ada", "/v1/messages", max_tokens=9))

    def test_a_role_that_nobody_knows_does_not_pass(self):
        self.assert_closed(self.ask([{"role": "critic", "content": "hello"}], "sybil"))
