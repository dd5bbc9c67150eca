"""What is known: documents, sources, products, conditions, countries and red flags."""
