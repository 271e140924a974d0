"""Verifying while others write: what is half-way nowhere is no finding."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from postmarket import records
from postmarket.records import Subject, anchoring, evidence, private
from postmarket.records.models import Entry
from tests.records.attacker import found
from tests.records.builders import ANALYST, FEEDS, LEAD, NOON, PUMP

ROUNDS = 15


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_grows_under_the_look_is_whole() -> None:
    """Two writers keep evidence and private data, redact some, and anchor, each in acts of its own."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        step = 0
        try:
            while not stop.is_set() or not step:
                step += 1
                with records.act(actor=FEEDS, at=NOON, why="A file came.") as act:
                    evidence.keep(act, b"%d %d" % (writer, step), media_type="text/plain", source="test")
                    datum = private.keep(act, f"name {step}", about=PUMP)
                    act.note("device.changed", subject=Subject("device", f"{writer}-{step}"), after={"step": step})
                if step % 3 == 0:
                    private.propose(id_=datum.id, actor=ANALYST, at=NOON, why="Asked for.")
                    private.redact(id_=datum.id, actor=LEAD, at=NOON, why="Confirmed.")
                if step % 7 == 0:
                    anchoring.anchor_now(now=NOON + timedelta(minutes=step))
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    try:
        looks = [found(now=NOON) for _ in range(ROUNDS)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert not failures
    assert looks == [[]] * ROUNDS
    assert found(now=NOON) == []
    assert Entry.objects.filter(actor_id=FEEDS.id).count() > 1
