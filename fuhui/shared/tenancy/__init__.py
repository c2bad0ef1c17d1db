"""The second wall: which community's rows the database shows, whatever the query forgot to say."""
