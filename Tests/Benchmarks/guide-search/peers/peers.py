#!/usr/bin/env python3
"""bm25s + jieba and tantivy on the same items and queries, as a good engineer would set them up in an hour.

    peers.py bm25s|tantivy ITEMS QUERIES… > hits.jsonl      (measures on standard error)

bm25s: jieba.lcut_for_search of name, aliases, keywords, department, summary, the name twice.
tantivy: the same words as fields of their own with boosts 5, 4, 1, 1, 1, and characters in pairs for the name.
"""

import json
import resource
import sys
import time

import jieba


def words(text: str) -> list[str]:
    return [word for word in jieba.lcut_for_search(text.lower()) if word.strip()]


def pairs(text: str) -> list[str]:
    return [text[i:i + 2] for i in range(len(text) - 1)]


def memory() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1048576


class BM25S:
    def __init__(self, items):
        import bm25s

        self.model = bm25s.BM25(k1=1.2, b=0.75)
        corpus = [
            words(f"{i['name']} {i['name']} {' '.join(i['aliases'])} {' '.join(i['keywords'])} {i['department']} {i['summary']} {i['code']}")
            for i in items
        ]
        self.model.index(corpus, show_progress=False)
        self.count = len(items)

    def search(self, query):
        tokens = [t for t in words(query) if t in self.model.vocab_dict]
        if not tokens:
            return []
        docs, scores = self.model.retrieve([tokens], k=min(10, self.count), show_progress=False)
        return [int(d) for d, s in zip(docs[0], scores[0]) if s > 0]


class Tantivy:
    def __init__(self, items):
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for field in ("name", "pairs", "aliases", "keywords", "department", "summary", "code"):
            builder.add_text_field(field, stored=False, tokenizer_name="whitespace")
        builder.add_unsigned_field("number", stored=True)
        self.index = tantivy.Index(builder.build())
        writer = self.index.writer(heap_size=100_000_000, num_threads=1)
        for number, i in enumerate(items):
            writer.add_document(tantivy.Document(
                name=" ".join(words(i["name"])), pairs=" ".join(pairs(i["name"])), aliases=" ".join(words(" ".join(i["aliases"]))),
                keywords=" ".join(words(" ".join(i["keywords"]))), department=" ".join(words(i["department"])),
                summary=" ".join(words(i["summary"])), code=i["code"].lower(), number=number))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()
        self.schema = self.index.schema

    def search(self, query):
        t = self.tantivy
        clauses = []
        for field, terms, boost in [
            ("name", words(query), 5.0), ("aliases", words(query), 4.0), ("pairs", pairs(query), 2.0), ("keywords", words(query), 1.0),
            ("department", words(query), 1.0), ("summary", words(query), 1.0), ("code", [query.lower()], 9.0),
        ]:
            for term in terms[:200]:
                inner = t.Query.term_query(self.schema, field, term)
                clauses.append((t.Occur.Should, t.Query.boost_query(inner, boost)))
        found = self.searcher.search(t.Query.boolean_query(clauses), 10)
        return [self.searcher.doc(address)["number"][0] for _, address in found.hits]


def main() -> None:
    kind, items_path, *query_paths = sys.argv[1:]
    items = [json.loads(line) for line in open(items_path, encoding="utf-8")]
    queries = [json.loads(line) for path in query_paths for line in open(path, encoding="utf-8")]
    jieba.initialize()
    before = memory()
    start = time.perf_counter()
    engine = {"bm25s": BM25S, "tantivy": Tantivy}[kind](items)
    built = time.perf_counter() - start
    after = memory()
    times = []
    for query in queries:
        start = time.process_time()
        hits = engine.search(query["query"])
        times.append((time.process_time() - start) * 1e6)
        print(json.dumps({"names": [items[h]["name"] for h in hits], "us": times[-1]}, ensure_ascii=False))
    times.sort()
    print(f"items {len(items)}, build {built * 1000:.0f} ms, memory {after - before:.0f} MB\n"
          f"search: mean {sum(times) / len(times):.0f} µs, p99 {times[len(times) * 99 // 100]:.0f} µs", file=sys.stderr)


if __name__ == "__main__":
    main()
