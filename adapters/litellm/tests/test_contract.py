"""What the sidecar answers where the proxy asks it, asked without the proxy."""

import json
import urllib.error
import urllib.request

from support import Answer, ProxyTest, user


class Contract(ProxyTest):
    def test_there_is_an_action_whatever_is_asked(self):
        """Where it is missing, the proxy would let everything pass."""
        row, of = [user("hello")], {"request_data": {"user_api_key_end_user_id": "ada"}}
        request = {"input_type": "request", "texts": ["hello"], "structured_messages": row} | of
        passes = [request, {"input_type": "response", "texts": ["hello"]} | of, request | {"a field of the next release": [1]}]
        for body in passes:
            self.assertEqual(self.judged(body), (200, "NONE"), body)
        wrong = [request | {"texts": ["hello", "more"]}, request | {"texts": ["another"]}]
        for body in wrong:
            self.assertEqual(self.judged(body), (200, "BLOCKED"), body)
        unreadable = [b"", b"{", b"[]", b"null", b"\xff", b'"NONE"', {}, {"input_type": "other"}, request | {"texts": 1}]
        unreadable += [request | {"request_data": None}, b"[" * 100_000, json.dumps(request).encode()[:-1]]
        for body in unreadable:
            status, action = self.judged(body)
            self.assertTrue(400 <= status < 500, (status, body))
            self.assertEqual(action, "BLOCKED", body)
        for head in ({"x-api-key": "sg_wrong"}, {"x-api-key": ""}, {"content-type": "text/plain"}):
            status, action = self.judged(request, head)
            self.assertTrue(400 <= status < 500, (status, head))
            self.assertEqual(action, "BLOCKED", head)

    def judged(self, body, more=None):
        head = {"content-type": "application/json", "x-api-key": self.sidecar.token} | (more or {})
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.sidecar.url}/beta/litellm_basic_guardrail_api"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, content, head), timeout=120) as response:
                answer = Answer(response)
        except urllib.error.HTTPError as error:
            with error:
                answer = Answer(error)
        return answer.status, answer.json.get("action")
