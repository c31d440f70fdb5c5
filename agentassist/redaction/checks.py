"""Check digits: what tells a number that must not be kept from one that merely is as long."""

_VERHOEFF_TIMES = [
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
]
_VERHOEFF_TURNED = [
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
]


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    turned = [int(digit) for digit in reversed(digits)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in turned[1::2])
    return (sum(turned[0::2]) + doubled) % 10 == 0


def holds_card(digits: str) -> bool:
    """Whether 13 to 19 of the digits in a row are a card number after Luhn."""
    return any(
        luhn(digits[start : start + length])
        for length in range(19, 12, -1)
        for start in range(len(digits) - length + 1)
    )


def verhoeff(digits: str) -> bool:
    """Aadhaar's check digit (UIDAI)."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        turned = int(_VERHOEFF_TURNED[place % 8][int(digit)])
        check = int(_VERHOEFF_TIMES[check][turned])
    return check == 0


def iban(code: str) -> bool:
    """ISO 13616: mod 97 of the rearranged code is 1."""
    moved = code[4:] + code[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def social_security(digits: str) -> bool:
    """Whether the US Social Security Administration may have given out such a number."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def pps(code: str) -> bool:
    """Ireland's personal public service number: seven digits, a check letter, maybe one more."""
    total = sum(
        int(digit) * weight for digit, weight in zip(code[:7], range(8, 1, -1), strict=True)
    )
    total += (ord(code[8].upper()) - 64) * 9 if len(code) > 8 else 0
    return "wabcdefghijklmnopqrstuv"[total % 23] == code[7]


def nric(code: str) -> bool:
    """Singapore's NRIC and FIN: a letter, seven digits, a check letter."""
    weights = (2, 7, 6, 5, 4, 3, 2)
    total = sum(int(digit) * weight for digit, weight in zip(code[1:8], weights, strict=True))
    total += {"t": 4, "g": 4, "m": 3}.get(code[0], 0)
    letters = {"s": "jzihgfedcba", "t": "jzihgfedcba", "m": "kljnpqrtuwx"}.get(
        code[0], "xwutrqpnmlk"
    )
    place = 10 - total % 11 if code[0] == "m" else total % 11
    return letters[place] == code[8]


def hkid(code: str) -> bool:
    """Hong Kong's identity card: one letter or two, six digits, a check digit or A."""
    signs = code[:-1].rjust(8)
    values = [36 if sign == " " else int(sign, 36) for sign in signs]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    check = 10 if code[-1] == "a" else int(code[-1])
    return (total + check) % 11 == 0
