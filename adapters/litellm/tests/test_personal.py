"""Under personal.rhai: only approved people are heard; and what happens when the sidecar is not there."""

from support import ATTACK, NOT_PASSED, SECRET, ProxyTest, user


class Senders(ProxyTest):
    policy = "personal.rhai"

    def test_only_the_approved_end_user_is_heard(self):
        self.assert_passed(self.ask("hello", "ada"), "echo: hello")
        self.model.asked.clear()
        answers = [self.ask("hello", name) for name in ("bob", "ADA ", "ada2", None)]
        answers.append(self.ask("hello", "bob", litellm_metadata={"user_api_key_end_user_id": "ada"}))
        answers.append(self.ask("hello", "bob", metadata={"user_api_key_end_user_id": "ada"}))
        answers.append(self.ask(ATTACK, "bob"))
        for answer in answers:
            self.assertEqual((answer.status, answer.body), (400, answers[0].body))
        self.assertEqual(len(self.model.asked), 0)

    def test_what_is_held_looks_like_what_is_dropped(self):
        # A hint that alone may be a misunderstanding.
        held = self.ask(f"say: {SECRET}", "ada")
        dropped = self.ask("hello", "bob")
        self.assertEqual((held.status, held.body), (dropped.status, dropped.body))
        self.assertEqual(held.message, NOT_PASSED)


class Outage(ProxyTest):
    policy = "personal.rhai"

    def test_a_stopped_sidecar_lets_nothing_pass_and_a_started_one_does_again(self):
        self.assert_passed(self.ask("hello"), "echo: hello")
        self.sidecar.stop()
        self.model.asked.clear()
        self.assert_closed(self.ask("hello"))
        self.assert_closed(self.ask("hello", stream=True))
        self.sidecar.start()
        self.assert_passed(self.ask("hello again"), "echo: hello again")

    def test_a_sidecar_that_stops_while_the_model_thinks_lets_no_reply_out(self):
        for stream in (False, True):
            self.model.meanwhile = self.sidecar.stop
            self.model.asked.clear()
            answer = self.ask("say: a word that nobody has judged", stream=stream)
            self.sidecar.start()
            self.assertNotIn("nobody", answer.body)
            self.assert_closed(answer, asked=1)

    def test_a_slow_sidecar_is_none_after_five_seconds(self):
        self.sidecar.pause()
        try:
            answer = self.ask("hello?")
        finally:
            self.sidecar.resume()
        self.assert_closed(answer)
        self.assertTrue(4.5 < answer.seconds < 10, f"{answer.seconds} s")
        self.model.asked.clear()
        self.assert_passed(self.ask("are you there?"), "echo: are you there?")

    def test_a_token_that_is_void_lets_nothing_pass(self):
        settings = self.sidecar.folder / "sluicegate.toml"
        text = settings.read_text()
        self.sidecar.stop()
        settings.write_text(text.replace('name = "litellm"\n', 'name = "litellm"\nserial = 1\n'))
        self.sidecar.start()
        try:
            self.assert_closed(self.ask([user("hello")]))
        finally:
            self.sidecar.stop()
            settings.write_text(text)
            self.sidecar.start()
