"""The ground floor: who lives where, who works here. places, people, accounts, organisations."""
