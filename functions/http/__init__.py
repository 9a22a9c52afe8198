"""HTTP as the slices see it: operations in; JSON, redirects and problem details out."""

from functions.http.api import Api
from functions.http.exchange import Reply, Request
from functions.http.operations import MEBIBYTE, Operation, Parameter, Who
from functions.http.paging import NEXT, Page
from functions.http.payload import Payload
from functions.http.problems import status_of

__all__ = [
    "MEBIBYTE",
    "NEXT",
    "Api",
    "Operation",
    "Page",
    "Parameter",
    "Payload",
    "Reply",
    "Request",
    "Who",
    "status_of",
]
