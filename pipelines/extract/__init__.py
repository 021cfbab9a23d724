def extract(page): raise NotImplementedError
