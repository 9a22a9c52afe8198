"""Made-up companies that made-up people work for, with phone numbers that are kept free for fiction."""

from typing import NamedTuple

# 555-01xx in North America; elsewhere the ranges that Ofcom, the Bundesnetzagentur, Arcep and ACMA keep for
# films and broadcasts.
# name | domain | city | country | industry | phones | digits of an extension
_EMPLOYERS = """
Alder & Quill | alderquill.example | Portland | United States | Publishing | +1 503-555-01{} | 2
Bright Harbor Robotics | brightharbor.example | Boston | United States | Robotics | +1 617-555-01{} | 2
Cedar Mesa Foods | cedarmesa.example | Santa Fe | United States | Food | +1 505-555-01{} | 2
Érable & Fils | erable-fils.example | Montréal | Canada | Retail | +1 514-555-01{} | 2
Foxglove Analytics | foxglove.example | Bristol | United Kingdom | Software | +44 1632 960{} | 3
Grünwald Präzision | gruenwald.example | Berlin | Germany | Machinery | +49 30 23125 {} | 3
Huître Bleue Logistique | huitrebleue.example | Paris | France | Logistics | +33 1 99 00 {} | 4
Ironbark Renewables | ironbark.example | Sydney | Australia | Energy | +61 2 5550 {} | 4
Jacaranda Health | jacaranda.example | Brisbane | Australia | Health Care | +61 7 5550 {} | 4
Kestrel & Vane (Holdings) | kestrelvane.example | Leeds | United Kingdom | Insurance | +44 1632 960{} | 3
"""


class Employer(NamedTuple):
    """A company that does not exist. `phones` has a place for an extension of so many digits."""

    name: str
    domain: str
    city: str
    country: str
    industry: str
    phones: str
    digits: int


def employers() -> tuple[Employer, ...]:
    """All of them, in a fixed order."""
    return tuple(_employer(*line.split(" | ")) for line in _EMPLOYERS.strip().splitlines())


def _employer(*texts: str) -> Employer:
    name, domain, city, country, industry, phones, digits = texts
    return Employer(name, domain, city, country, industry, phones, int(digits))
