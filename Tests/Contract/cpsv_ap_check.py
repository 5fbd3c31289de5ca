"""Judges an export by the SHACL shapes of CPSV-AP 3.2.0: cpsv_ap_check.py SHAPES EXPORT.ttl [SAME.jsonld]

It must conform, hold nodes of every class that the export tells, and stop conforming when what a class needs is taken
away from one of its nodes: shapes that reach nothing would be content with anything.
"""

import sys

import pyshacl
import rdflib
from rdflib.namespace import DCTERMS, RDF, SKOS

CV = rdflib.Namespace("http://data.europa.eu/m8g/")
CPSV = rdflib.Namespace("http://purl.org/vocab/cpsv#")
ELI = rdflib.Namespace("http://data.europa.eu/eli/ontology#")

# A class, and what none of its nodes may lack.
NEEDED = [
    (CPSV.PublicService, DCTERMS.title),
    (CPSV.PublicService, CV.hasCompetentAuthority),
    (CV.PublicOrganisation, SKOS.prefLabel),
    (CV.Channel, DCTERMS.identifier),
    (CV.Cost, DCTERMS.identifier),
    (CPSV.Rule, DCTERMS.description),
    (CV.Requirement, DCTERMS.title),
    (CV.Evidence, DCTERMS.title),
    (CV.Output, DCTERMS.title),
]
# Classes that are told and lack nothing, but are asked for by the properties that lead to them.
REACHED = [ELI.LegalResource, CV.ContactPoint, DCTERMS.Location, DCTERMS.LinguisticSystem, SKOS.Concept]


def results(data, shapes):
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    found = report.query("SELECT ?r WHERE { ?r a <http://www.w3.org/ns/shacl#ValidationResult> }")
    return len(found)


def main():
    shapes = rdflib.Graph().parse(sys.argv[1], format="turtle")
    data = rdflib.Graph().parse(sys.argv[2], format="turtle")
    failed = False

    def told(is_good, words):
        nonlocal failed
        failed = failed or not is_good
        print(("ok    " if is_good else "FAILED") + " " + words)

    for kind in sorted({kind for kind, _ in NEEDED} | set(REACHED)):
        count = len(set(data.subjects(RDF.type, kind)))
        told(count > 0, f"{count} of {kind}")
    count = results(data, shapes)
    told(count == 0, f"{len(data)} statements, {count} results")

    # The service with the fewest statements about it stands for all, so that breaking it is quick.
    small = rdflib.Graph()
    rest = [min(data.subjects(CV.hasCost), key=lambda node: (len(set(data.predicate_objects(node))), node))]
    seen = set()
    while rest:
        node = rest.pop()
        if node in seen:
            continue
        seen.add(node)
        for triple in data.triples((node, None, None)):
            small.add(triple)
            rest.append(triple[2])
    for kind, name in NEEDED:
        node = min(small.subjects(RDF.type, kind), default=None)
        if node is None:
            told(False, f"no {kind} to break")
            continue
        broken = rdflib.Graph()
        for triple in small:
            if triple[:2] != (node, name):
                broken.add(triple)
        told(results(broken, shapes) > 0, f"without {name} {kind} is refused")
    broken = rdflib.Graph()
    for triple in small:
        if triple[1:] != (RDF.type, ELI.LegalResource):
            broken.add(triple)
    told(results(broken, shapes) > 0, "a law of no class is refused")

    if len(sys.argv) > 3:
        same = rdflib.Graph().parse(sys.argv[3], format="json-ld")
        told(set(same) == set(data), f"JSON-LD says the same: {len(same)} statements")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
