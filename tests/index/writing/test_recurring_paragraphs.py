"""Paragraphs that recur over many articles, kept up to date commit by commit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import HashEncoder

import pullquote
from pullquote.index.upkeep.doctor import examine

NOTICE = "Greetings from the lighthouse keeper and all who are with him."


PARAGRAPHS = [NOTICE, "A long paragraph of the agency that some of the stories on this matter carry below.", "A short one of two."]


CARRIER = st.builds(
    lambda name, held, own: pullquote.Article(
        id=name, text="\n\n".join([f"Story {name} tells of {'much ' * own}else.", *(PARAGRAPHS[i] for i in sorted(held))])
    ),
    st.sampled_from("abcdefgh"),
    st.sets(st.sampled_from(range(3)), max_size=3),
    st.sampled_from([1, 9]),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(st.lists(CARRIER, min_size=1, unique_by=lambda a: a.id), st.sets(st.sampled_from("abcdefgh"))), max_size=6
    )
)
def test_recurring_paragraphs_are_those_that_all_articles_at_once_would_show(
    tmp_path_factory: pytest.TempPathFactory, steps: list[object]
) -> None:
    folder = tmp_path_factory.mktemp("recurring")
    holds: set[str] = set()
    for step in [[pullquote.Article(id="i", text=f"One more.\n\n{NOTICE}")], *steps]:
        with pullquote.Writer(folder, HashEncoder()) as writer:
            if isinstance(step, list):
                writer.stage(step)
                holds |= {article.id for article in step}
            elif isinstance(step, set):
                writer.remove(step & holds)
                holds -= step
            writer.commit()
        assert examine(folder) == []  # by `repeated_paragraphs` over all articles
