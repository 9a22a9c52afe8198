"""An export half-way, as release 0.1 kept it: rows, blobs and messages, taken down when it was current."""

from typing import Any

EXPORT = "998204489092728-b5fcaad718a0"

EXPORTS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "contoso",
        "998204489092728-b5fcaad718a0",
        {
            "chunks": 3,
            "contentsDeleted": False,
            "created": 0,
            "createdAt": "2026-03-01T08:00:00.000Z",
            "dryRun": False,
            "ended": False,
            "failed": 0,
            "mappingVersion": 3,
            "mediaType": "application/x-ndjson",
            "object": "lead",
            "requestedBy": "bruno",
            "skipped": 0,
            "startedAt": "2026-03-01T08:00:00.000Z",
            "state": "running",
            "tenant": "contoso",
            "total": 6,
            "unchanged": 0,
            "updated": 0,
            "warnings": "[]",
            "window": 2,
        },
    )
]

CHUNKS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "contoso|998204489092728-b5fcaad718a0",
        "000001",
        {
            "created": 1,
            "failed": 1,
            "first": 1,
            "records": 2,
            "skipped": 0,
            "state": "done",
            "touchedAt": "2026-03-01T08:00:00.000Z",
            "unchanged": 0,
            "updated": 0,
        },
    ),
    (
        "contoso|998204489092728-b5fcaad718a0",
        "000002",
        {
            "created": 0,
            "failed": 0,
            "first": 3,
            "leaseUntil": "2026-03-01T08:05:00.000Z",
            "records": 2,
            "skipped": 0,
            "state": "running",
            "touchedAt": "2026-03-01T08:00:00.000Z",
            "unchanged": 0,
            "updated": 0,
        },
    ),
    (
        "contoso|998204489092728-b5fcaad718a0",
        "000003",
        {
            "created": 0,
            "failed": 0,
            "first": 5,
            "records": 2,
            "skipped": 0,
            "state": "pending",
            "unchanged": 0,
            "updated": 0,
        },
    ),
]

TENANTS: list[tuple[str, str, dict[str, Any]]] = [
    ("contoso", "cooldown", {"until": "2026-03-01T07:59:00.000Z"})
]

BLOBS = {
    "contoso/998204489092728-b5fcaad718a0/outcomes/000001": (
        '[[1,"1","created","00000000-0000-4000-8000-000000000001",null,null,null],[2,null,"failed",'
        'null,"malformedJson","Line cannot be read.",null]]'
    ),
    "contoso/998204489092728-b5fcaad718a0/plan/000002": (
        '[[3,"3","Create",["00000000-0000-4000-8000-000000000003",{"lastname":"Ngata"}],null,null,n'
        'ull],[4,"4","Unchanged",["00000000-0000-4000-8000-000000000004"],null,null,null]]'
    ),
    "contoso/998204489092728-b5fcaad718a0/records/000001": (
        '[[1,1,{"id":1,"lastName":"Ngata"}],[2,2,null,"malformedJson","Line cannot be read."]]'
    ),
    "contoso/998204489092728-b5fcaad718a0/records/000002": (
        '[[3,3,{"id":3,"lastName":"Ngata"}],[4,4,{"id":4}]]'
    ),
    "contoso/998204489092728-b5fcaad718a0/records/000003": (
        '[[5,5,{"id":5,"lastName":"Ngata"}],[6,6,{"id":6}]]'
    ),
    "contoso/998204489092728-b5fcaad718a0/settings": (
        '{"rows":[{"vendorField":"lastName","column":"lastname","updateOption":"fillIfMissing","onI'
        'nvalid":"skipValue"}],"preferences":{"createNew":true,"updateExisting":true,"allowDuplicat'
        'es":false,"maxRecordsPerExport":null,"matchRules":["email","nameAndCompany"],"onSeveralMat'
        'ches":"skip","onReadOnlyMatch":"skip"},"connection":"serviceAccount","ownerEmail":"bruno@c'
        'ontoso.example"}'
    ),
}

WRITE = {"v": 1, "tenant": "contoso", "export": "998204489092728-b5fcaad718a0", "number": 2, "attempt": 1}
SPLIT = {"v": 1, "tenant": "contoso", "export": "998204489092728-b5fcaad718a0"}
