"""What stands beside the words of a moment: the dispute first, the coach, what people said."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from agentassist.reviewing import Moment, Review
from agentassist.tui.review import words
from agentassist.tui.wording import clean


def beside(moment: Moment, reviews: Sequence[Review]) -> Content:
    """All of it, as it stands now."""
    sections = [*_dispute(moment, reviews), *_coach(moment), *_became(moment), *_said(reviews)]
    return Content("\n\n").join(sections)


def _dispute(moment: Moment, reviews: Sequence[Review]) -> Iterator[Content]:
    if not moment.disputed:
        return
    last = next((each for each in reversed(reviews) if each.kind == "dispute"), None)
    by = clean(last.by) if last else clean(moment.agent)
    reason = clean(last.text) if last and last.text else "without a reason"
    yield Content.assemble((f"! DISPUTED by {by}", "$flag bold"), f"\n{reason}")


def _coach(moment: Moment) -> Iterator[Content]:
    if moment.kind == "flag":
        by = words.rule(moment.rule)
        yield Content.assemble(_title("The coach said nothing"), f"\n{by} flagged the words.")
        return
    told = [_title("The coach said"), Content.styled(clean(moment.do), "bold")]
    told += [Content(clean(moment.why))] if moment.why else []
    told += [Content.styled(f'"{clean(moment.say)}"', "italic")] if moment.say else []
    yield Content("\n").join(told)


def _became(moment: Moment) -> Iterator[Content]:
    if moment.kind == "flag":
        return
    became = words.BECAME.get(moment.state, clean(moment.state))
    yield Content.assemble(_title("What became of it"), f"\n{became}")


def _said(reviews: Sequence[Review]) -> Iterator[Content]:
    if reviews:
        told = (Content(words.review(each)) for each in reviews)
        yield Content("\n").join([_title("What people said"), *told])


def _title(text: str) -> Content:
    return Content.styled(text, "$quiet")
