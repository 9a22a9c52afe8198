"""Reading an input file: vendor records out of bytes, in pieces, whatever is wrong with some of them."""

from collections.abc import Iterable, Iterator, Mapping

from functions.export.reading.csv_files import read_csv
from functions.export.reading.ndjson import read_ndjson
from shared.domain.fields import VendorField
from shared.domain.records import InputRecord
from shared.domain.unpacking import opened

NDJSON = "application/x-ndjson"
CSV = "text/csv"


def read_records(
    media_type: str,
    chunks: Iterable[bytes],
    fields: Mapping[str, VendorField],
) -> Iterator[InputRecord]:
    """The records of an input, packed with gzip or not, numbered from 1.

    InvalidRequest when the file as a whole is no input, TooLarge when it unpacks to more than it may.
    """
    content = opened(chunks).content
    return read_csv(content, fields) if media_type == CSV else read_ndjson(content)
