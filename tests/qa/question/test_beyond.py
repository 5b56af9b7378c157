"""What no quote meets is told what to use instead; questions that are like it are not."""

from __future__ import annotations

import pytest

from pullquote.qa.question.beyond import instead

ASKED = {
    "Summarise the talks.": "summarised",
    "please summarize what happened": "summarised",
    "Give me a short overview of the case": "summarised",
    "What happened, in a few words?": "summarised",
    "List all abductees": "`find`",
    "show me every mention of the ferry": "`find`",
    "And how much?": "by itself",
    "and who was it?": "by itself",
    "What about Osaka?": "by itself",
    "How many?": "by itself",
    "Who else?": "by itself",
    "Why": "by itself",
    "Translate the statement into French": "written",
    "Write a headline on the talks": "written",
    "Compare the two deals": "compared",
    "How many articles are about the ferry?": "`find`",
    "In how many of the articles is Falk named?": "`find`",
}
QUESTIONS = (
    "Who listed all the names in court?",
    "How many people died when the ferry sank?",
    "Why did the talks fail?",
    "What about the deal angered the minister so much that he resigned in March?",
    "And what did the prime minister say when she was asked about the missing documents on Friday?",
    "Who wrote the report?",
    "What was the summary of the court based on?",
    "What did Falk write to the council?",
    "How much did it cost?",
    "Which articles of the constitution were changed?",
    "How often did the ferry run?",
    "How many stories does the tower have?",
    "What is the difference between the two counts?",
)


@pytest.mark.parametrize(("question", "word"), ASKED.items())
def test_what_no_quote_meets_is_told(question: str, word: str) -> None:
    assert word in instead(question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_a_question(question: str) -> None:
    assert instead(question) == ""
