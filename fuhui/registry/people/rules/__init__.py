"""Rules of people, in pure Python: identity numbers, phones, addresses, names, the words for choices."""
