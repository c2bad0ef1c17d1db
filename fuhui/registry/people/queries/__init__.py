"""Reads of people. Each starts from a viewer."""

from fuhui.registry.people.models import AttributeCard, CardCategory, Household, ImportBatch, Person
from fuhui.registry.people.queries.batches import (
    batch_for,
    batches_for,
)
from fuhui.registry.people.queries.duplicates import Duplicate, possible_duplicates
from fuhui.registry.people.queries.people import (
    PAGE,
    PeoplePage,
    cards_of,
    categories_for,
    consent_state,
    consents_of,
    counts_for,
    history_of,
    households_at,
    id_index_of,
    merges_of,
    names_of,
    people_by_phone,
    people_for,
    phone_index_of,
    same_home,
)
from fuhui.registry.people.queries.scope import (
    grid_of,
    household_for,
    living_people,
    person_for,
    seen_households,
    seen_people,
)

__all__ = [
    "PAGE", "AttributeCard", "CardCategory", "Duplicate", "Household", "ImportBatch", "Person", "PeoplePage", "batch_for", "batches_for", "cards_of", "categories_for", "consent_state",
    "consents_of", "counts_for", "grid_of", "history_of", "household_for", "households_at", "id_index_of",
    "living_people", "merges_of", "names_of", "people_by_phone", "people_for", "person_for", "phone_index_of",
    "possible_duplicates", "same_home", "seen_households", "seen_people",
]
