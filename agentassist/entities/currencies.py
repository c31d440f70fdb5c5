"""Which words and signs name which currency; the account's own comes first where several do."""

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
}
BEFORE = frozenset({"£", "$", "€", "₹", "rs", "r", "rm"})
"""Stands before the sum."""

MINOR: dict[str, tuple[str, ...]] = {
    "p": ("GBP",),
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


NOTES = {"fiver": 5, "tenner": 10}
"""Banknotes with names of their own, in pounds."""


def chosen(codes: tuple[str, ...], own: str | None) -> str:
    """The account's currency, if the word can mean it; else what it most often means."""
    return own if own in codes else codes[0]
