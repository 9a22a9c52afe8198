"""Strategies for the options of rows."""

from hypothesis import strategies as st

from shared.domain.mapping import LookupRule, PhoneFormat, RowOptions, TooLong

_words = st.text(min_size=1, max_size=6)
_choice_targets = st.one_of(st.sampled_from(["A", "b", "gone", "3", 1, 2, 99]))

any_options = st.builds(
    RowOptions,
    too_long=st.sampled_from(TooLong),
    choices=st.dictionaries(_words, _choice_targets, max_size=3).map(lambda found: tuple(found.items())),
    other_choice=st.none() | _choice_targets,
    date_format=st.sampled_from([None, "DD.MM.YYYY", "YYYY/MM/DD HH:mm", "MM-DD-YYYY", "YY"]),
    true_words=st.lists(_words, max_size=2).map(tuple),
    false_words=st.lists(_words, max_size=2).map(tuple),
    phone_format=st.sampled_from(PhoneFormat),
    separator=st.sampled_from(["; ", ", ", "|", "\n", ""]),
    lookup=st.none() | st.builds(LookupRule, _words, _words),
    block=st.sampled_from([None, "address", "住所"]),
    protect_edits=st.booleans(),
)
