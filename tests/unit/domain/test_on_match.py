from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import ObjectType
from shared.domain.preferences import ObjectPreferences, OnMatch, matched
from tests.builders import preferences

_decided = st.builds(
    preferences,
    st.sampled_from(ObjectType),
    create_new=st.booleans(),
    update_existing=st.booleans(),
    allow_duplicates=st.booleans(),
)


@given(_decided, st.sampled_from(OnMatch))
def test_an_export_never_gets_more_than_is_switched_on(decided: ObjectPreferences, on_match: OnMatch) -> None:
    overridden = matched(decided, on_match)
    assert overridden.create_new == decided.create_new
    assert overridden.update_existing <= decided.update_existing


def test_each_override_does_what_it_says() -> None:
    for decided in (preferences(), preferences(allow_duplicates=True)):
        updates = matched(decided, OnMatch.UPDATE)
        assert (updates.update_existing, updates.allow_duplicates) == (True, False)
        skips = matched(decided, OnMatch.SKIP)
        assert (skips.update_existing, skips.allow_duplicates) == (False, False)
        assert matched(decided, OnMatch.CREATE_ANYWAY).allow_duplicates
