"""Which words and signs name which currency; the account's own comes first where several do."""

from decimal import Decimal

MAJOR: dict[str, tuple[str, ...]] = {
    "£": ("GBP",),
    "pound": ("GBP",),
    "pounds": ("GBP",),
    "quid": ("GBP",),
    "sterling": ("GBP",),
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "FJD"),
    "dollar": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "FJD"),
    "dollars": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "FJD"),
    "buck": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "ZAR"),
    "bucks": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "ZAR"),
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "₹": ("INR",),
    "rs": ("INR", "PKR", "LKR"),
    "rupee": ("INR", "PKR", "LKR", "MUR"),
    "rupees": ("INR", "PKR", "LKR", "MUR"),
    "r": ("ZAR",),
    "rand": ("ZAR",),
    "shilling": ("KES", "UGX", "TZS"),
    "shillings": ("KES", "UGX", "TZS"),
    "bob": ("KES",),
    "naira": ("NGN",),
    "cedi": ("GHS",),
    "cedis": ("GHS",),
    "dirham": ("AED", "MAD"),
    "dirhams": ("AED", "MAD"),
    "riyal": ("QAR", "SAR"),
    "riyals": ("QAR", "SAR"),
    "ringgit": ("MYR",),
    "rm": ("MYR",),
    "₦": ("NGN",),
    "₵": ("GHS",),
    "₱": ("PHP",),
    "¥": ("JPY", "CNY"),
    "฿": ("THB",),
    "ksh": ("KES",),
    "kshs": ("KES",),
    "ringgits": ("MYR",),
    "rands": ("ZAR",),
    "nairas": ("NGN",),
    "peso": ("PHP", "MXN"),
    "pesos": ("PHP", "MXN"),
    "baht": ("THB",),
    "rupiah": ("IDR",),
    "yen": ("JPY",),
    "yuan": ("CNY",),
    "won": ("KRW",),
    "kwacha": ("ZMW", "MWK"),
    "pula": ("BWP",),
    "taka": ("BDT",),
    "birr": ("ETB",),
    "lira": ("TRY",),
    "franc": ("CHF", "XAF", "XOF"),
    "francs": ("CHF", "XAF", "XOF"),
    "zloty": ("PLN",),
    "zlotys": ("PLN",),
    "krona": ("SEK", "ISK"),
    "kroner": ("NOK", "DKK"),
    "dinar": ("KWD", "BHD"),
    "dinars": ("KWD", "BHD"),
    "nicker": ("GBP",),
    "loonies": ("CAD",),
}
_ISO = "GBP USD EUR AUD CAD NZD SGD HKD INR ZAR KES UGX TZS NGN GHS MYR PHP AED QAR SAR ZMW BWP"
MAJOR |= {code.lower(): (code,) for code in _ISO.split()}
BEFORE = frozenset({*"£$€₹₦₵₱¥฿", "rs", "r", "rm", "ksh", "kshs", *_ISO.lower().split()})
"""Stands before the sum."""

OF_COUNTRIES: dict[tuple[str, ...], dict[str, str]] = {
    ("us",): {"dollar": "USD"},
    ("american",): {"dollar": "USD"},
    ("australian",): {"dollar": "AUD"},
    ("aussie",): {"dollar": "AUD"},
    ("canadian",): {"dollar": "CAD"},
    ("new", "zealand"): {"dollar": "NZD"},
    ("kiwi",): {"dollar": "NZD"},
    ("singapore",): {"dollar": "SGD"},
    ("sing",): {"dollar": "SGD"},
    ("hong", "kong"): {"dollar": "HKD"},
    ("fijian",): {"dollar": "FJD"},
    ("fiji",): {"dollar": "FJD"},
    ("indian",): {"rupee": "INR"},
    ("pakistani",): {"rupee": "PKR"},
    ("sri", "lankan"): {"rupee": "LKR"},
    ("kenyan",): {"shilling": "KES"},
    ("kenya",): {"shilling": "KES"},
    ("ugandan",): {"shilling": "UGX"},
    ("uganda",): {"shilling": "UGX"},
    ("tanzanian",): {"shilling": "TZS"},
    ("south", "african"): {"rand": "ZAR"},
    ("nigerian",): {"naira": "NGN"},
    ("ghana",): {"cedi": "GHS"},
    ("malaysian",): {"ringgit": "MYR"},
    ("british",): {"pound": "GBP"},
}
"""Words that tell whose dollars they are."""

MINOR: dict[str, tuple[str, ...]] = {
    "p": ("GBP",),
    "pee": ("GBP",),
    "c": ("USD", "EUR", "AUD", "CAD", "NZD", "ZAR"),
    "pence": ("GBP",),
    "penny": ("GBP",),
    "cent": ("USD", "EUR", "AUD", "CAD", "NZD", "SGD", "HKD", "FJD", "ZAR", "KES"),
    "cents": ("USD", "EUR", "AUD", "CAD", "NZD", "SGD", "HKD", "FJD", "ZAR", "KES"),
    "paise": ("INR", "PKR"),
    "kobo": ("NGN",),
    "pesewas": ("GHS",),
    "fils": ("AED",),
    "sen": ("MYR",),
}
"""A hundredth of the sum's own unit."""


DECIMALS: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""Currencies that are not divided into hundredths, by their decimals (ISO 4217, list one)."""
_DECIMALS = {code: count for count, codes in DECIMALS.items() for code in codes.split()}


def decimals(code: str | None) -> int:
    """How many decimals the currency's smallest sum has; 2 where the currency is not known."""
    return _DECIMALS.get(code or "", 2)


def smallest(code: str | None) -> Decimal:
    """The smallest sum that can be paid: 0.01 pounds, 1 yen."""
    return Decimal(1).scaleb(-decimals(code))


NOTES = {"fiver": 5, "tenner": 10}
"""Banknotes with names of their own, in pounds."""


def chosen(codes: tuple[str, ...], own: str | None) -> str:
    """The account's currency, if the word can mean it; else what it most often means."""
    return own if own in codes else codes[0]
