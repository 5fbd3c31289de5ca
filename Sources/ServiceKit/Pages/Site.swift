package import Contracts
import HTTPTypes
package import Hummingbird
import NIOCore
import SocialDomain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The pages of a service: its templates and the kit's, its words, its places in the header.
package struct Site: Sendable {
    /// One of at most seven entries of the navigation, named by the work.
    package struct Place: Sendable {
        package let id: String
        package let path: String
        /// A key of the catalogue.
        package let title: String
        /// Shown to those who may go there.
        package let access: Access

        package init(id: String, path: String, title: String, access: Access = .signedIn) {
            self.access = access
            self.id = id
            self.path = path
            self.title = title
        }
    }

    package let home: String
    package let places: [Place]
    /// Citizens without an account read here too.
    package let hasPublicPages: Bool
    package let catalogue: Catalogue
    package let assets: StaticFiles
    /// The address of the service's own stylesheet, `assets/SERVICE.css`, where it has one.
    private let ownStyle: String?
    /// One set a language: the words stand in the templates before they are parsed, so that no page looks them up.
    private let templates: [Language: TemplateLibrary]

    /// - Parameters:
    ///   - home: The service's first page, `/aid/`.
    ///   - resources: The folder of the service's own resources: `templates/` and `words.json`.
    package init(home: String, places: [Place], hasPublicPages: Bool = false, resources: String) throws {
        self.home = home
        self.places = places
        self.hasPublicPages = hasPublicPages
        let kit = KitResources.folder
        var catalogue = Catalogue()
        for file in ["\(kit)/words.json", "\(resources)/words.json"] {
            guard let data = FileManager.default.contents(atPath: file) else { throw SiteFault.missing(file) }
            try catalogue.add(json: Array(data), file: file)
        }
        self.catalogue = catalogue
        var sources: [String: String] = [:]
        for folder in ["\(kit)/templates", "\(resources)/templates"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            where name.hasSuffix(".mustache") {
                guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                    throw SiteFault.missing(name)
                }
                sources[String(name.dropLast(9))] = String(decoding: data, as: UTF8.self)
            }
        }
        templates = try Self.templates(sources.mapValues(Self.guarded), catalogue)
        assets = try StaticFiles(folders: ["\(kit)/assets", "\(resources)/assets"], prefix: "\(home)assets/")
        let own = home.split(separator: "/").first.map { "\($0).css" } ?? ""
        ownStyle = FileManager.default.fileExists(atPath: "\(resources)/assets/\(own)") ? assets.address(own) : nil
    }

    package func words(_ context: KitContext) -> Words { catalogue.words(in: context.language) }

    /// A template by itself, without the layout around it.
    package func render(_ template: String, _ fields: Fields, words: Words) -> String {
        templates[words.language]?.render(template, fields) ?? "⟦\(template)⟧"
    }

    private static func templates(
        _ sources: [String: String], _ catalogue: Catalogue
    ) throws(SiteFault) -> [Language: TemplateLibrary] {
        var libraries: [Language: TemplateLibrary] = [:]
        for language in Language.allCases {
            let words = catalogue.words(in: language)
            var templates: [String: Template] = [:]
            for (name, source) in sources {
                do {
                    templates[name] = try Template(filled(source, words))
                } catch {
                    throw .template(name, "\(error)")
                }
            }
            let library = TemplateLibrary(templates)
            if let gap = library.gaps.first { throw .template(gap.by, "there is no template “\(gap.shown)”") }
            libraries[language] = library
        }
        return libraries
    }

    /// The template with the catalogue's text in place of each `{{t.KEY}}`.
    private static func filled(_ source: String, _ words: Words) -> String {
        var filled = ""
        var rest = source[...]
        while let open = rest.firstRange(of: "{{t."), let close = rest[open.upperBound...].firstRange(of: "}}") {
            filled += rest[..<open.lowerBound] + HTML.escaped(words[String(rest[open.upperBound..<close.lowerBound])])
            rest = rest[close.upperBound...]
        }
        return filled + rest
    }

    /// A whole page.
    package func page(_ page: Page, _ request: Request, _ context: KitContext) -> Response {
        let words = words(context)
        var fields = Fields()
        fields["lang"] = context.language.tag
        fields["isLarge"] = context.isLarge
        fields["title"] = page.title
        fields["isError"] = !page.faults.isEmpty
        fields["lead"] = page.lead
        fields["home"] = home
        fields["stylesheet"] = assets.address("kit.css")
        if let ownStyle { fields["ownStyle"] = ownStyle }
        fields["icon"] = assets.address("icon.svg")
        fields["refresh"] = page.refreshSeconds
        fields["canonical"] = page.canonical
        fields["places"] = places.filter { $0.access.allows(context.caller) }.map { place -> Fields in
            ["href": place.path, "name": words[place.title], "isHere": place.id == page.place]
        }
        fields["trail"] =
            page.crumbs.isEmpty
            ? nil : ["crumbs": page.crumbs.map { ["href": $0.href, "name": $0.name] as Fields }] as Fields
        fields["faults"] =
            page.faults.isEmpty
            ? nil : ["list": page.faults.map { ["field": $0.field, "message": words[$0.message]] as Fields }] as Fields
        fields["notice"] = page.notice
        let query = QueryItems(request.uri.query ?? "")
        let here = request.method == .get ? request.uri.path : page.addressAfterPost ?? home
        fields["languageHref"] = here + query.setting("lang", context.language.other.rawValue).suffix
        fields["otherLanguage"] = context.language.other == .zh ? "中文" : "English"
        fields["otherLanguageTag"] = context.language.other.tag
        fields["typeHref"] = here + query.setting("type", context.isLarge ? "normal" : "large").suffix
        fields["formToken"] = context.formToken
        var own = page.fields
        own["formToken"] = context.formToken
        fields["main"] = render(page.template, own, words: words)
        if let caller = context.caller, caller.kind != .system {
            fields["person"] = ["name": caller.name, "href": "\(context.gateway)/gateway/account"] as Fields
        } else {
            fields["isLocal"] = context.caller?.kind == .system
        }
        fields["scripts"] = page.scripts.map { ["address": assets.address($0)] as Fields }
        let html = render(page.layout.rawValue, fields, words: words)
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .contentLanguage: context.language.tag, .vary: "Cookie",
        ]
        page.addPolicies(to: &headers)
        return Response(
            status: page.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}

extension Site {
    /// Every form that is posted carries the token of the reader's session.
    static func guarded(_ source: String) -> String {
        let field = "{{#formToken}}\(formField("{{formToken}}")){{/formToken}}"
        var result = ""
        var rest = source[...]
        while let form = rest.firstRange(of: "<form "), let end = rest[form.upperBound...].firstIndex(of: ">") {
            result += rest[...end]
            if rest[form.upperBound..<end].contains("method=\"post\"") { result += field }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// For a form that code writes itself; nothing without a session.
    static func formField(_ token: String?) -> String {
        token.map { "<input type=\"hidden\" name=\"\(SignInMiddleware.formField)\" value=\"\($0)\">" } ?? ""
    }
}

/// One page to show: which template, with what, under which title.
package struct Page {
    package var template: String
    package var title: String
    /// One line that says what to do here.
    package var lead: String?
    package var place = ""
    package var crumbs: [(name: String, href: String)] = []
    package var fields = Fields()
    package var status = HTTPResponse.Status.ok
    /// What was wrong with a form that was sent; each stands in the summary and beside its field.
    package var faults: [FieldFault] = []
    /// What was just done.
    package var notice: String?
    /// The page loads itself again after so many seconds, for work under way.
    package var refreshSeconds: Int?
    /// Assets of the service that the page runs; without them it must still do its work, all but what needs a script.
    package var scripts: [String] = []
    /// The page asks for the camera and the microphone.
    package var usesCamera = false
    /// The page asks where the reader is.
    package var usesPlace = false
    package var layout = Layout.work
    /// The one address of what is shown here under several, for search engines; public pages only.
    package var canonical: String?
    /// Where the language switch leads from a page that answered a POST.
    package var addressAfterPost: String?

    package enum Layout: String, Sendable {
        /// For those who work with the service: places at the left.
        case work = "layout"
        /// For citizens: one column, nothing but what they came for.
        case `public` = "public"
    }

    /// A page with scripts runs its own service's and no others.
    fileprivate func addPolicies(to headers: inout HTTPFields) {
        guard !scripts.isEmpty else { return }
        let policy = "default-src 'none'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
        headers[.contentSecurityPolicy] =
            policy + "script-src 'self'; connect-src 'self'; media-src 'self' blob:; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'"
        if usesCamera || usesPlace, let name = HTTPField.Name("Permissions-Policy") {
            let (camera, place) = (usesCamera ? "self" : "", usesPlace ? "self" : "")
            headers[name] = "camera=(\(camera)), microphone=(\(camera)), geolocation=(\(place))"
        }
    }

    package init(_ template: String, title: String, lead: String? = nil, place: String = "") {
        self.template = template
        self.title = title
        self.lead = lead
        self.place = place
    }
}

package enum SiteFault: Error, CustomStringConvertible {
    case missing(String)
    case template(String, String)

    package var description: String {
        switch self {
        case .missing(let file): "the resource \(file) is missing: the installation is not complete"
        case .template(let file, let reason): "template \(file): \(reason)"
        }
    }
}
