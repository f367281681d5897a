#!/usr/bin/python3
"""What measure.py counts, on mails of our own. Usage: measure_test.py PROGRAM"""

import pathlib
import sys
import unittest

import lines
import measure
import suites

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()


def reply(text: str, html: bool = False) -> suites.Reply:
    return suites.Reply("ours", "mail", html, text)


def label(typed: str, history: str, suite: str | None = None) -> measure.Label:
    return measure.Label("ours", measure.numbers(typed), measure.numbers(history), None if suite is None else measure.numbers(suite))


ANSWER = reply("Yes.\n\nOn Monday you wrote:\n> Yes.\n> Noon?\n")


class Measure(unittest.TestCase):
    def test_what_is_shown_as_typed_agrees(self) -> None:
        self.assertTrue(measure.judge(ANSWER, label("1", "3-5"), "Yes.").agrees)

    def test_a_hidden_line_is_counted(self) -> None:
        self.assertEqual(["Yes."], measure.judge(ANSWER, label("1", "3-5"), "").hidden)

    def test_history_is_counted_also_where_it_says_what_was_typed(self) -> None:
        outcome = measure.judge(ANSWER, label("1", "3-5"), "Yes.\n\nOn Monday you wrote:\n> Yes.\n> Noon?")
        self.assertEqual([], outcome.hidden)
        self.assertEqual(["On Monday you wrote:", "> Yes.", "> Noon?"], outcome.history)

    def test_a_suite_that_wants_history_is_not_agreed_with(self) -> None:
        outcome = measure.judge(ANSWER, label("1", "3-5", "1,4"), "Yes.")
        self.assertEqual((["> Yes."], False), (outcome.against, outcome.agrees))

    def test_neutral_lines_count_for_nothing(self) -> None:
        for shown in ("Yes.\n-- \nMara", "Yes."):
            self.assertTrue(measure.judge(reply("Yes.\n-- \nMara\n"), label("1", "-", "1-3"), shown).agrees)

    def test_html_is_found_wherever_its_lines_are_cut(self) -> None:
        html = reply("<style>p{}</style><p>Yes,&nbsp;noon.<p>At the <b>lake</b>.", html=True)
        self.assertEqual(["Yes, noon.", "At the lake."], lines.of_mail(html.text, True))
        self.assertTrue(measure.judge(html, label("1-2", "-"), "Yes, noon. At the lake.").agrees)

    def test_the_program_says_what_is_shown_of_each(self) -> None:
        self.assertEqual(["Yes.", "No."], measure.read(PROGRAM, [reply("Yes.\n\nOn Monday, 4 March 2024, you wrote:\n> Noon?\n"), reply("<p>No.", html=True)]))

    def test_every_label_can_be_read(self) -> None:
        for key, one in measure.labels().items():
            self.assertEqual(64, len(key))
            self.assertFalse(one.typed & one.history, key)


if __name__ == "__main__":
    unittest.main()
