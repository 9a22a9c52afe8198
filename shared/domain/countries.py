"""Countries by the names that people write: to compare them, and for phone numbers without a prefix."""

from functools import cache

# Two-letter code, names between slashes; countries end in a semicolon.
_COUNTRIES = """
AD Andorra; AE United Arab Emirates / UAE; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL
Albania; AM Armenia; AO Angola; AR Argentina; AS American Samoa; AT Austria / Österreich; AU Australia; AW
Aruba; AX Åland Islands; AZ Azerbaijan; BA Bosnia and Herzegovina; BB Barbados; BD Bangladesh; BE Belgium;
BF Burkina Faso; BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL Saint Barthélemy; BM Bermuda; BN
Brunei; BO Bolivia; BQ Bonaire, Sint Eustatius and Saba; BR Brazil / Brasil; BS Bahamas / The Bahamas; BT
Bhutan; BW Botswana; BY Belarus; BZ Belize; CA Canada; CC Cocos Islands; CD The Democratic Republic Of
Congo / DR Congo / Democratic Republic of the Congo; CF Central African Republic; CG Congo / Republic of
the Congo; CH Switzerland / Schweiz / Suisse; CI Côte d'Ivoire / Ivory Coast; CK Cook Islands; CL Chile;
CM Cameroon; CN China / PRC / People's Republic of China / Mainland China; CO Colombia; CR Costa Rica; CU
Cuba; CV Cape Verde; CW Curaçao; CX Christmas Island; CY Cyprus; CZ Czech Republic / Czechia; DE Germany /
Deutschland; DJ Djibouti; DK Denmark / Danmark; DM Dominica; DO Dominican Republic; DZ Algeria; EC
Ecuador; EE Estonia; EG Egypt; EH Western Sahara; ER Eritrea; ES Spain / España; ET Ethiopia; FI Finland /
Suomi; FJ Fiji; FK Falkland Islands; FM Micronesia; FO Faroe Islands; FR France / République française; GA
Gabon; GB United Kingdom / UK / Great Britain / England / Scotland / Wales / Northern Ireland / United
Kingdom of Great Britain and Northern Ireland; GD Grenada; GE Georgia; GF French Guiana; GG Guernsey; GH
Ghana; GI Gibraltar; GL Greenland; GM Gambia / The Gambia; GN Guinea; GP Guadeloupe; GQ Equatorial Guinea;
GR Greece; GT Guatemala; GU Guam; GW Guinea-Bissau; GY Guyana; HK Hong Kong / Hong Kong SAR; HN Honduras;
HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland / Republic of Ireland; IL Israel; IM Isle Of
Man; IN India; IO British Indian Ocean Territory; IQ Iraq; IR Iran; IS Iceland; IT Italy / Italia; JE
Jersey; JM Jamaica; JO Jordan; JP Japan / Nippon; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM
Comoros; KN Saint Kitts And Nevis; KP North Korea; KR South Korea / Korea / Republic of Korea / Korea,
Republic of; KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos; LB Lebanon; LC Saint Lucia; LI
Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg; LV Latvia; LY Libya; MA
Morocco; MC Monaco; MD Moldova; ME Montenegro; MF Saint Martin; MG Madagascar; MH Marshall Islands; MK
Macedonia / North Macedonia; ML Mali; MM Myanmar / Burma; MN Mongolia; MO Macao / Macau; MP Northern
Mariana Islands; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives; MW
Malawi; MX Mexico / México; MY Malaysia; MZ Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF Norfolk
Island; NG Nigeria; NI Nicaragua; NL Netherlands / The Netherlands / Holland; NO Norway / Norge; NP Nepal;
NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French Polynesia; PG Papua New Guinea;
PH Philippines / The Philippines; PK Pakistan; PL Poland / Polska; PM Saint Pierre And Miquelon; PR Puerto
Rico; PS Palestine; PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Reunion; RO Romania; RS Serbia; RU
Russia / Russian Federation; RW Rwanda; SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; SE
Sweden / Sverige; SG Singapore; SH Saint Helena; SI Slovenia; SJ Svalbard And Jan Mayen; SK Slovakia; SL
Sierra Leone; SM San Marino; SN Senegal; SO Somalia; SR Suriname; SS South Sudan; ST Sao Tome And
Principe; SV El Salvador; SX Sint Maarten (Dutch part); SY Syria; SZ Swaziland / Eswatini; TC Turks And
Caicos Islands; TD Chad; TG Togo; TH Thailand; TJ Tajikistan; TK Tokelau; TL Timor-Leste; TM Turkmenistan;
TN Tunisia; TO Tonga; TR Turkey / Türkiye; TT Trinidad and Tobago; TV Tuvalu; TW Taiwan; TZ Tanzania; UA
Ukraine; UG Uganda; US United States / USA / United States of America / America; UY Uruguay; UZ
Uzbekistan; VA Vatican / Holy See; VC Saint Vincent And The Grenadines; VE Venezuela; VG British Virgin
Islands; VI U.S. Virgin Islands; VN Vietnam / Viet Nam; VU Vanuatu; WF Wallis And Futuna; WS Samoa; XK
Kosovo; YE Yemen; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
"""


def country_code(name: str) -> str | None:
    """The two-letter code of a country that is written as its name, a usual short form, or its code."""
    return _codes().get(_folded(name))


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for entry in " ".join(_COUNTRIES.split()).split("; "):
        code, _, names = entry.partition(" ")
        codes[_folded(code)] = code
        for name in names.split(" / "):
            codes.setdefault(_folded(name), code)
    return codes


def _folded(name: str) -> str:
    return " ".join(name.replace(".", "").casefold().split())
