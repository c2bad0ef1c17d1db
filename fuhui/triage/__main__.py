"""``python -m fuhui.triage`` runs the command line."""

from fuhui.triage.cli import triage

if __name__ == "__main__":
    triage(prog_name="python -m fuhui.triage")
