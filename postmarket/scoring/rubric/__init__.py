"""
MITRE's rubric for applying CVSS to medical devices: guided questions in, a version 3.1 base vector out.

    told = answered({"XAVN": Answer.YES, …})
    told.vector            CVSS:3.1/AV:N/…
    told.extended          the same with every answer (`/XAVN:Y/…`), so that each can be held against the number
    told.reasons           which answer gave which metric

FDA qualified the rubric as a medical device development tool (Q171974, October 2020) for CVSS v3.0, not v3.1 or v4.0:
`QUALIFICATION` says so, and whoever shows the vector shows it too.
"""

from postmarket.scoring.rubric.change import Moved, moved
from postmarket.scoring.rubric.derive import QUALIFICATION, Told, answered
from postmarket.scoring.rubric.questions import QUESTIONS, Answer, Question, asked_next, question

__all__ = [
    "QUALIFICATION",
    "QUESTIONS",
    "Answer",
    "Moved",
    "Question",
    "Told",
    "answered",
    "asked_next",
    "moved",
    "question",
]
