from pathlib import Path

import pytest

from agentassist import packs
from agentassist.pack_text import RulebookError

GOOD = """\
pack: ours
version: "1"
terms:
  who: we'll|i'll
rules:
  - id: bailiff
    kind: label
    label: threat
    any: ["{who} send a bailiff"]
"""


def pack(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path: Path, text: str) -> list[str]:
    path = pack(tmp_path, text)
    with pytest.raises(RulebookError) as caught:
        packs.load(path)
    return [fault.removeprefix(f"{path}:") for fault in caught.value.faults]


def test_a_good_pack_loads_with_its_version_and_places(tmp_path: Path) -> None:
    path = pack(tmp_path, GOOD)
    rulebook = packs.load(path)
    assert rulebook.version.startswith("ours 1 (")
    assert rulebook.places == {"bailiff": f"{path}:6:5"}
    assert rulebook.labels[0].label == "threat"


def test_the_version_changes_with_any_word_of_the_pack(tmp_path: Path) -> None:
    before = packs.load(pack(tmp_path, GOOD)).version
    after = packs.load(pack(tmp_path, GOOD.replace("send", "sent"))).version
    assert before != after


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (GOOD.replace("any:", "anny:"), "9:5: anny: unknown key"),
        (GOOD.replace("threat", "treat"), "8:5: label: Expected `str` matching regex"),
        (GOOD.replace("kind: label", "kind: labell"), "7:5: kind: Invalid value 'labell'"),
        (GOOD.replace('any: ["{who}', 'any: ["{whom}'), "9:11: any: no term {whom}"),
        (
            GOOD.replace('bailiff"]', 'bailiff("]'),
            "9:11: any: \"(?:we'll|i'll) send a bailiff(\" is not a pattern: missing )",
        ),
        (
            GOOD.replace("    label: threat\n", ""),
            "6:5: label: missing; see `agentassist rules kinds`",
        ),
        (GOOD + "    label: insult\n", "10:5: label: stands twice here"),
        (GOOD.replace('version: "1"', "version: 1"), "2:1: version: Expected `str`, got `int`"),
        (GOOD + GOOD[GOOD.index("  - id") :], "10:5: id: bailiff is taken already"),
        ("pack: [", "2:1: not YAML"),
        ("- a\n- b\n", "1:1: expected a pack"),
        ("", "1:1: expected a pack"),
        ('pack: ours\nversion: "1"\nrules: 3\n', "3:1: rules: expected a list"),
    ],
)
def test_a_fault_is_told_at_its_line_and_column(tmp_path: Path, broken: str, fault: str) -> None:
    assert faults(tmp_path, broken)[0].startswith(fault)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("  - id") :].replace("bailiff\n", "other\n", 1)
    both = (GOOD + second).replace("label: threat", "label: treat")
    assert len(faults(tmp_path, both)) == 2


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"nowhere.yaml: no such file"):
        packs.load(tmp_path / "nowhere.yaml")
    with pytest.raises(RulebookError, match=r"no .yaml file in this folder"):
        packs.load(tmp_path)


def test_packs_of_a_folder_share_their_terms(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text('pack: a\nversion: "1"\nterms: {who: us}\n')
    (tmp_path / "b.yaml").write_text(GOOD.replace("terms:\n  who: we'll|i'll\n", ""))
    assert packs.load(tmp_path).terms == {"who": "us"}


def test_two_packs_may_not_define_one_term_or_detail(tmp_path: Path) -> None:
    for key in ("terms", "details"):
        pack = f'pack: a\nversion: "1"\n{key}: {{who: us}}\n'
        (tmp_path / "a.yaml").write_text(pack)
        (tmp_path / "b.yaml").write_text(pack)
        with pytest.raises(RulebookError, match=rf"b.yaml:3:\d+: {key}: who is taken already"):
            packs.load(tmp_path)


def test_the_files_of_one_pack_agree_on_its_version(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text('pack: ours\nversion: "1"\n')
    (tmp_path / "b.yaml").write_text('pack: ours\nversion: "2"\n')
    with pytest.raises(RulebookError, match=r"b.yaml:2:1: version: the pack's other files say '1'"):
        packs.load(tmp_path)
