"""A chunk of which Dynamics took one piece and refused another is done when it comes again."""

from dataclasses import replace

import pytest
from dataverse_organizations import Emulator
from running_chunks import NOW, TENANT, Chunks, export

from shared.dataverse.slots import Slots
from shared.domain.errors import Transient
from shared.domain.exports import OutcomeKind
from shared.domain.progress import Lane, Progress

PEOPLE = [{"id": number, "firstName": "Ada", "lastName": f"Ngata {number}"} for number in range(500)]
REFUSED = {"action": "status", "status": 429, "code": "0x80072322", "path": "CreateMultiple"}


@pytest.fixture
def chunks(dataverse: Emulator) -> Chunks:
    """The last chunk of an export, with slots that are free."""
    chunks = Chunks(dataverse, slots=Slots(8))
    taken = Progress(chunk_size=500, touched_at=NOW, cut=1, records=500, whole=True, taken=1)
    chunks.stores.progress.add(TENANT, export().id, replace(taken, lanes={1: Lane(chunk=1, due=NOW)}))
    return chunks


def asked(emulator: Emulator) -> list[str]:
    return [str(request["path"]).rpartition(".")[2] for request in emulator.requests_seen()]


def test_the_last_chunk_goes_in_pieces(chunks: Chunks) -> None:
    outcomes = chunks.run(*PEOPLE)
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.CREATED}
    assert asked(chunks.emulator).count("CreateMultiple") == 3


def test_what_was_written_of_it_is_not_sent_again(chunks: Chunks) -> None:
    chunks.emulator.fault(**REFUSED)
    with pytest.raises(Transient):
        chunks.run(*PEOPLE)
    before = asked(chunks.emulator)
    outcomes = chunks.run(*PEOPLE, begun_before=True)
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.CREATED] * 500
    after = asked(chunks.emulator)[len(before) :]
    assert after.count("CreateMultiple") == 1
    assert len(after) == 2  # who is there, and the rest


def test_what_was_refused_as_a_whole_is_looked_for_and_sent_again(chunks: Chunks) -> None:
    chunks.emulator.fault(**REFUSED, times=3)
    with pytest.raises(Transient):
        chunks.run(*PEOPLE)
    before = asked(chunks.emulator)
    outcomes = chunks.run(*PEOPLE, begun_before=True)
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.CREATED] * 500
    assert asked(chunks.emulator)[len(before) :][1:] == ["CreateMultiple"] * 3
