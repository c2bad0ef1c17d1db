"""Changes of people. One action, one intention, one transaction."""

from fuhui.registry.people.actions.cards import add_card, end_card, save_category, seed_categories
from fuhui.registry.people.actions.consents import record_consent, withdraw_consent
from fuhui.registry.people.actions.households import home_at, household_in, move_person, save_household
from fuhui.registry.people.actions.importing import (
    CHECKED_AT_ONCE,
    check_import,
    choose_sheet,
    drop_import,
    forget_old_files,
    map_import,
    run_import,
    start_import,
    start_undo,
    undo_import,
    upload_list,
)
from fuhui.registry.people.actions.merging import merge_people
from fuhui.registry.people.actions.reading import Revealed, reveal_person
from fuhui.registry.people.actions.registering import change_status, correct_person, register_person

__all__ = [
    "CHECKED_AT_ONCE",
    "Revealed",
    "add_card",
    "change_status",
    "check_import",
    "choose_sheet",
    "correct_person",
    "drop_import",
    "end_card",
    "forget_old_files",
    "home_at",
    "household_in",
    "map_import",
    "merge_people",
    "move_person",
    "record_consent",
    "register_person",
    "reveal_person",
    "run_import",
    "save_category",
    "save_household",
    "seed_categories",
    "start_import",
    "start_undo",
    "undo_import",
    "upload_list",
    "withdraw_consent",
]
