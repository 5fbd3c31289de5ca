import Foundation
import SocialDomain
import Testing

@testable import GuideService

/// One item with every part that the export tells.
enum InterfaceSample {
    static let json = ##"""
        {"code":"100","baseCode":"","department":"scjg","name":"食品经营许可","plainName":"开小卖部","aliases":["食品证"],
        "kind":"行政许可","level":"县级","audience":["自然人"],"themes":["准营准办"],"isFrequent":true,"isSample":false,
        "summary":"卖食品要先办\"许可\"。","promisedDays":5,"fee":{"amount":"10.00","note":"每本10元"},
        "places":[{"name":"政务中心","address":"钢铁街1号","window":"1号","hours":"周一至周五","phone":"0476-1"}],
        "consultPhone":"0476-2","complaintPhone":"12345","legalBasis":[{"title":"《食品安全法》","article":"第三十五条"}],
        "results":["许可证"],"channels":["window"],"variants":[{"id":"lost","name":"补办"}],
        "conditions":[{"text":"证丢了。","variants":["lost"]}],
        "materials":[{"name":"申请书","originals":1,"copies":2,"source":"现场填写","isRequired":false,"note":"签字"}],
        "steps":[],"questions":[]}
        """##

    static func content() throws -> ItemContent { try CatalogueStore.content(json) }

    static func service(_ content: ItemContent) -> PublishedService {
        PublishedService(
            item: PublishedItem(
                id: 1, content: content, number: 1, publishedAt: "2026-06-30T02:00:00Z", confirmedOn: nil),
            division: "150402")
    }

    static func catalogue() -> CPSVCatalogue {
        let department = Department(id: "scjg", name: "市场监督管理局", short: "市监局", phone: "", address: "", hours: "")
        return CPSVCatalogue(
            addresses: GuideAddresses(base: "https://hall.example"),
            authorities: ["scjg": CompetentAuthority(department: department, division: "150402")])
    }

    static func text(_ writer: some RDFWriter, _ nodes: [RDFNode]) -> String {
        nodes.enumerated().map { writer.text(of: $1, isFirst: $0 == 0) }.joined()
    }

    static let turtle = ##"""
        @prefix adms: <http://www.w3.org/ns/adms#> .
        @prefix cpsv: <http://purl.org/vocab/cpsv#> .
        @prefix cv: <http://data.europa.eu/m8g/> .
        @prefix dcat: <http://www.w3.org/ns/dcat#> .
        @prefix dct: <http://purl.org/dc/terms/> .
        @prefix eli: <http://data.europa.eu/eli/ontology#> .
        @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        @prefix org: <http://www.w3.org/ns/org#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix time: <http://www.w3.org/2006/time#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

        <http://publications.europa.eu/resource/authority/language/ZHO> a dct:LinguisticSystem ;
            dct:title "中文"@zh , "Chinese"@en .

        <http://purl.org/adms/status/Completed> a skos:Concept ;
            skos:prefLabel "现行有效"@zh , "Completed"@en .

        <https://hall.example/guide/v1/cpsv-ap.ttl#division-150402> a dct:Location ;
            dct:identifier "150402" ;
            skos:prefLabel "红山区"@zh .

        <https://hall.example/guide/v1/cpsv-ap.ttl#kind-%E8%A1%8C%E6%94%BF%E8%AE%B8%E5%8F%AF> a skos:Concept ;
            skos:prefLabel "行政许可"@zh .

        <https://hall.example/guide/v1/cpsv-ap.ttl#theme-%E5%87%86%E8%90%A5%E5%87%86%E5%8A%9E> a skos:Concept ;
            skos:prefLabel "准营准办"@zh .

        <https://hall.example/guide/v1/cpsv-ap.ttl#audience-%E8%87%AA%E7%84%B6%E4%BA%BA> a skos:Concept ;
            skos:prefLabel "自然人"@zh .

        <https://hall.example/guide/departments#scjg> a cv:PublicOrganisation , org:Organization , foaf:Agent ;
            dct:identifier "scjg" ;
            dct:title "市场监督管理局"@zh ;
            skos:prefLabel "市场监督管理局"@zh ;
            skos:altLabel "市监局"@zh ;
            dct:spatial <https://hall.example/guide/v1/cpsv-ap.ttl#division-150402> .

        <https://hall.example/guide/items/100> a foaf:Document .

        <https://hall.example/guide/v1/cpsv-ap.ttl#hours-%E5%91%A8%E4%B8%80%E8%87%B3%E5%91%A8%E4%BA%94> a ti\##
        me:TemporalEntity ;
            dct:description "周一至周五"@zh .

        <https://hall.example/guide/items/100#contact> a cv:ContactPoint ;
            cv:telephone "0476-2" ;
            cv:contactPage <https://hall.example/guide/items/100> ;
            cv:openingHours <https://hall.example/guide/v1/cpsv-ap.ttl#hours-%E5%91%A8%E4%B8%80%E8%87%B3%E5%\##
        91%A8%E4%BA%94> .

        <https://hall.example/guide/v1/cpsv-ap.ttl#channel-window> a skos:Concept ;
            skos:prefLabel "窗口办理"@zh , "At the counter"@en .

        <https://hall.example/guide/items/100#channel-window> a cv:Channel ;
            dct:identifier "100-window" ;
            dct:type <https://hall.example/guide/v1/cpsv-ap.ttl#channel-window> ;
            cv:ownedBy <https://hall.example/guide/departments#scjg> ;
            dct:description "政务中心，1号，钢铁街1号"@zh ;
            cv:openingHours <https://hall.example/guide/v1/cpsv-ap.ttl#hours-%E5%91%A8%E4%B8%80%E8%87%B3%E5%\##
        91%A8%E4%BA%94> .

        <http://publications.europa.eu/resource/authority/currency/CNY> a skos:Concept ;
            skos:prefLabel "人民币"@zh , "Renminbi"@en .

        <https://hall.example/guide/items/100#cost> a cv:Cost ;
            dct:identifier "100-cost" ;
            cv:hasValue "10.00"^^xsd:double ;
            cv:currency <http://publications.europa.eu/resource/authority/currency/CNY> ;
            dct:description "每本10元"@zh ;
            cv:isDefinedBy <https://hall.example/guide/departments#scjg> .

        <https://hall.example/guide/v1/cpsv-ap.ttl#law-%E3%80%8A%E9%A3%9F%E5%93%81%E5%AE%89%E5%85%A8%E6%B3%9\##
        5%E3%80%8B> a eli:LegalResource ;
            dct:title "《食品安全法》"@zh .

        <https://hall.example/guide/items/100#rule-1> a cpsv:Rule ;
            dct:identifier "100-rule-1" ;
            dct:title "《食品安全法》"@zh ;
            dct:description "《食品安全法》第三十五条"@zh ;
            dct:language <http://publications.europa.eu/resource/authority/language/ZHO> ;
            cpsv:implements <https://hall.example/guide/v1/cpsv-ap.ttl#law-%E3%80%8A%E9%A3%9F%E5%93%81%E5%AE\##
        %89%E5%85%A8%E6%B3%95%E3%80%8B> .

        <https://hall.example/guide/items/100#condition-1> a cv:Requirement ;
            dct:identifier "100-condition-1" ;
            dct:title "证丢了。"@zh ;
            dct:description "适用于：补办"@zh .

        <https://hall.example/guide/v1/cpsv-ap.ttl#source-%E7%8E%B0%E5%9C%BA%E5%A1%AB%E5%86%99> a skos:Concept ;
            skos:prefLabel "现场填写"@zh .

        <https://hall.example/guide/items/100#material-1> a cv:Evidence ;
            dct:identifier "100-material-1" ;
            dct:title "申请书"@zh ;
            dct:description "原件1份；复印件2份；非必要；签字"@zh ;
            dct:type <https://hall.example/guide/v1/cpsv-ap.ttl#source-%E7%8E%B0%E5%9C%BA%E5%A1%AB%E5%86%99> ;
            dct:language <http://publications.europa.eu/resource/authority/language/ZHO> .

        <https://hall.example/guide/items/100#result-1> a cv:Output ;
            dct:identifier "100-result-1" ;
            dct:title "许可证"@zh ;
            dct:language <http://publications.europa.eu/resource/authority/language/ZHO> .

        <https://hall.example/guide/items/100#service> a cpsv:PublicService ;
            dct:identifier "100" ;
            dct:title "食品经营许可"@zh ;
            dct:description "卖食品要先办\"许可\"。"@zh ;
            dcat:keyword "食品证"@zh , "开小卖部"@zh ;
            dct:language <http://publications.europa.eu/resource/authority/language/ZHO> ;
            adms:status <http://purl.org/adms/status/Completed> ;
            dct:modified "2026-06-30T02:00:00Z"^^xsd:dateTime ;
            dct:spatial <https://hall.example/guide/v1/cpsv-ap.ttl#division-150402> ;
            cv:isClassifiedBy <https://hall.example/guide/v1/cpsv-ap.ttl#kind-%E8%A1%8C%E6%94%BF%E8%AE%B8%E5\##
        %8F%AF> ;
            cv:thematicArea <https://hall.example/guide/v1/cpsv-ap.ttl#theme-%E5%87%86%E8%90%A5%E5%87%86%E5%8A%9E> ;
            dct:audience <https://hall.example/guide/v1/cpsv-ap.ttl#audience-%E8%87%AA%E7%84%B6%E4%BA%BA> ;
            cv:processingTime "P5D"^^xsd:duration ;
            cv:hasCompetentAuthority <https://hall.example/guide/departments#scjg> ;
            cv:contactPoint <https://hall.example/guide/items/100#contact> ;
            cv:hasChannel <https://hall.example/guide/items/100#channel-window> ;
            cv:hasCost <https://hall.example/guide/items/100#cost> ;
            cv:hasLegalResource <https://hall.example/guide/v1/cpsv-ap.ttl#law-%E3%80%8A%E9%A3%9F%E5%93%81%E\##
        5%AE%89%E5%85%A8%E6%B3%95%E3%80%8B> ;
            cpsv:follows <https://hall.example/guide/items/100#rule-1> ;
            cv:holdsRequirement <https://hall.example/guide/items/100#condition-1> ;
            cpsv:hasInput <https://hall.example/guide/items/100#material-1> ;
            cpsv:produces <https://hall.example/guide/items/100#result-1> .

        """##
}

/// CPSV-AP 3.2 of one item, letter by letter; the shapes judge it in Tests/Contract/cpsv-ap.sh.
struct InterfacesExportTests {
    @Test func `an item with every part is told in Turtle`() throws {
        var catalogue = InterfaceSample.catalogue()

        let nodes = catalogue.describe(InterfaceSample.service(try InterfaceSample.content()))

        let writer = TurtleWriter()
        #expect(writer.head + InterfaceSample.text(writer, nodes) + writer.tail == InterfaceSample.turtle)
    }

    @Test func `JSON-LD tells the same nodes, one on a line`() throws {
        var catalogue = InterfaceSample.catalogue()

        let nodes = catalogue.describe(InterfaceSample.service(try InterfaceSample.content()))

        let lines = InterfaceSample.text(JSONLDWriter(), nodes).split(separator: ",\n")
        #expect(lines.count == 21)
        #expect(lines.first { $0.contains("#cost\",\"@type\"") } ?? "" == Self.cost)
        #expect(lines.first { $0.contains("#scjg\",\"@type\"") } ?? "" == Self.department)
    }

    private static let cost = ##"""
        {"@id":"https://hall.example/guide/items/100#cost","@type":["cv:Cost"],\##
        "dct:identifier":[{"@value":"100-cost"}],"cv:hasValue":[{"@value":"10.00","@type":"xsd:double"}],\##
        "cv:currency":[{"@id":"http://publications.europa.eu/resource/authority/currency/CNY"}],\##
        "dct:description":[{"@value":"每本10元","@language":"zh"}],\##
        "cv:isDefinedBy":[{"@id":"https://hall.example/guide/departments#scjg"}]}
        """##

    private static let department = ##"""
        {"@id":"https://hall.example/guide/departments#scjg","@type":["cv:PublicOrganisation",\##
        "org:Organization","foaf:Agent"],"dct:identifier":[{"@value":"scjg"}],\##
        "dct:title":[{"@value":"市场监督管理局","@language":"zh"}],\##
        "skos:prefLabel":[{"@value":"市场监督管理局","@language":"zh"}],\##
        "skos:altLabel":[{"@value":"市监局","@language":"zh"}],\##
        "dct:spatial":[{"@id":"https://hall.example/guide/v1/cpsv-ap.ttl#division-150402"}]}
        """##

    @Test func `what items share is told once`() throws {
        var catalogue = InterfaceSample.catalogue()
        var second = try InterfaceSample.content()
        second.code = "200"
        _ = catalogue.describe(InterfaceSample.service(try InterfaceSample.content()))

        let nodes = catalogue.describe(InterfaceSample.service(second))

        #expect(
            nodes.map(\.address)
                == [
                    "", "#contact", "#channel-window", "#cost", "#rule-1", "#condition-1", "#material-1", "#result-1",
                    "#service",
                ].map { "https://hall.example/guide/items/200" + $0 })
    }

    @Test(
        arguments: [
            ("0.00", "", "0.00"), ("0.00", "不收费", "0.00"), ("0.00", "按自治区公证服务收费标准", nil), ("80.00", "每件80元", "80.00"),
            ("面议", "", nil), ("1e3", "", nil), ("", "见公告", nil), ("-5", "", nil), ("5.", "", nil), ("007", "", nil),
        ] as [(String, String, String?)])
    func `a fee has a value only where its amount is the price`(amount: String, note: String, value: String?) throws {
        var catalogue = InterfaceSample.catalogue()
        var content = try InterfaceSample.content()
        content.fee = .init(amount: amount, note: note)

        let nodes = catalogue.describe(InterfaceSample.service(content))

        let cost = try #require(nodes.first { $0.types == ["cv:Cost"] })
        let values = cost.properties.first { $0.name == "cv:hasValue" }?.values
        #expect(values == value.map { [.typed($0, "xsd:double")] })
    }

    @Test func `an item of which little is known still has what the shapes ask for`() {
        var catalogue = InterfaceSample.catalogue()
        let bare = ItemContent.bare(code: "9", baseCode: "", name: "某事项", department: "不明")

        let nodes = catalogue.describe(InterfaceSample.service(bare))

        let service = nodes.last?.properties.map(\.name) ?? []
        #expect(
            service == [
                "dct:identifier", "dct:title", "dct:description", "dct:language", "adms:status", "dct:modified",
                "dct:spatial", "cv:hasCompetentAuthority", "cv:contactPoint",
            ])
        let authority = nodes.first { $0.types.contains("cv:PublicOrganisation") }
        #expect(authority?.address == "https://hall.example/guide/departments#%E4%B8%8D%E6%98%8E")
        #expect(authority?.properties.map(\.name) == ["dct:identifier", "dct:title", "skos:prefLabel", "dct:spatial"])
    }

    @Test func `an item is a nested service of HSDS`() throws {
        let service = HSDSService(
            service: InterfaceSample.service(try InterfaceSample.content()), authority: nil,
            addresses: GuideAddresses(base: "https://hall.example"))

        #expect(service.json == Self.hsds)
    }

    private static let hsds = ##"""
        {"id":"fbe82545-4cd2-85de-acae-7908786c2f85",\##
        "organization_id":"fc845695-122b-85b8-a0ea-5189e4053ede","name":"食品经营许可",\##
        "alternate_name":"开小卖部","description":"卖食品要先办\"许可\"。",\##
        "url":"https://hall.example/guide/items/100","status":"active","fees_description":"每本10元",\##
        "wait_time":"5个工作日","eligibility_description":"证丢了。",\##
        "last_modified":"2026-06-30T02:00:00Z","organization":{"id":"fc845695-122b-85b8-a0ea-5189e4053ede",\##
        "name":"scjg","description":"scjg"},"phones":[{"id":"35425a98-7122-85c5-813a-336add6aa547",\##
        "number":"0476-2"}],"service_areas":[{"id":"01b320f5-4282-8558-bf4e-cf29ba43457b",\##
        "name":"红山区","extent":"150402","extent_type":"GB/T 2260"}],\##
        "service_at_locations":[{"id":"01b304a0-9082-8558-bf4e-cf29ae6bc089",\##
        "service_id":"fbe82545-4cd2-85de-acae-7908786c2f85","description":"1号",\##
        "location":{"id":"d61cff26-d4d2-85de-af72-b5e400a75fdf","location_type":"physical",\##
        "name":"政务中心","addresses":[{"id":"4278debf-03fc-8645-b723-45e4568e4bf6",\##
        "address_1":"钢铁街1号","city":"赤峰市","region":"红山区",\##
        "state_province":"内蒙古自治区","postal_code":"","country":"CN","address_type":"physical"}],\##
        "phones":[{"id":"982300e5-bfbf-8a26-b347-4cbb2abfda08","number":"0476-1"}],\##
        "schedules":[{"id":"a51b67cb-0bf2-8c0a-8390-ad698e860025","description":"周一至周五"}]}}],\##
        "languages":[{"id":"da24ef3a-29f7-89b9-8c58-4a243c7647f4","name":"中文","code":"zh"}],\##
        "cost_options":[{"id":"01a3eab6-3282-8558-bf4e-cf2503e934bf","currency":"CNY","amount":10.00,\##
        "amount_description":"每本10元"}],\##
        "required_documents":[{"id":"9da6b125-b463-8188-91e9-2b6f86dc0b49","document":"申请书"}]}
        """##

    @Test func `text is escaped for Turtle`() {
        #expect(TurtleWriter.quoted("a\"b\\c\nd\re\tf\u{7}\u{7F}<&>门牌🏠") == ##""a\"b\\c\nd\re\tf\u0007\u007F<&>门牌🏠""##)
        #expect(TurtleWriter.address("https://a/ <x>\"\\^`{|}") == "<https://a/%20%3Cx%3E%22%5C%5E%60%7B%7C%7D>")
    }

    @Test func `text is escaped for JSON in a page`() {
        #expect(
            JSONText.quoted("a\"b\\c\n\u{1}</script><!--&\u{2028}门")
                == ##""a\"b\\c\n\u0001\u003c/script\u003e\u003c!--\u0026\u2028门""##)
    }
}
