"""Made-up people whose values are legal and yet awkward, and some that no export can take."""

from typing import Any

_COMPANY = {
    "companyName": "Alder & Quill",
    "companyWebsite": "https://www.alderquill.example",
    "companyPhone": "+1 503-555-0100",
}

AWKWARD: tuple[dict[str, Any], ...] = (
    # Longer than the 100 characters of a lead's Job Title: the title is left out, the lead is made.
    {
        **_COMPANY,
        "firstName": "Wilhelmina",
        "lastName": "Featherstonehaugh-Cholmondeley",
        "email": "wilhelmina@alderquill.example",
        "jobTitle": "Deputy Assistant Vice President of " + "Strategic " * 10 + "Alignment",
    },
    {**_COMPANY, "firstName": "Sunny ☀️👩🏽‍🚀", "lastName": "Day 🎉", "email": "sunny.day@alderquill.example"},
    {
        **_COMPANY,
        "firstName": "محمد عبد الرحمن",
        "lastName": "بن سعيد",
        "email": "m.saeed@alderquill.example",
    },
    {
        **_COMPANY,
        "lastName": "Prabowo",
        "jobTitle": "Has one name only",
        "email": "prabowo@alderquill.example",
    },
    {
        **_COMPANY,
        "firstName": 'Robert "Bob"',
        "lastName": "O'Neil, Jr.",
        "email": "bob.o'neil@alderquill.example",
    },
    {
        **_COMPANY,
        "firstName": "No",
        "lastName": "Mail-Address",
        "jobTitle": "Found again by name and company",
    },
    {**_COMPANY, "firstName": "=SUM(1;1)", "lastName": "+Formula", "email": "formula@alderquill.example"},
    {
        **_COMPANY,
        "firstName": " Zoë  ",
        "lastName": "\tNull",
        "jobTitle": "  ",
        "email": "zoe@alderquill.example",
    },
)

BROKEN: tuple[dict[str, Any], ...] = (
    {**_COMPANY, "firstName": "Cher-Without", "jobTitle": "Has no last name, which Dynamics requires"},
    {
        **_COMPANY,
        "firstName": "Toolong",
        "lastName": "A" * 60,
        "jobTitle": "Has a last name of 60 characters",
    },
)
