import HTTPTypes
import Hummingbird

/// What a reader chose: language and type size, remembered in two cookies that say nothing else.
struct Preferences {
    var language = Language.zh
    var isLarge = false

    init(cookies: [String]) {
        for pair in cookies.joined(separator: "; ").split(separator: ";") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            switch sides[0].drop(while: { $0 == " " }) {
            case "lang": language = Language(rawValue: String(sides[1])) ?? .zh
            case "type": isLarge = sides[1] == "large"
            default: break
            }
        }
    }

    /// `?lang=en` and `?type=large` on any page set the cookie and lead back to the page without them.
    static func choice(in request: Request) -> Response? {
        var query = QueryItems(request.uri.query ?? "")
        let (language, size) = (query["lang"], query["type"])
        guard language != nil || size != nil else { return nil }
        query.remove("lang")
        query.remove("type")
        var headers: HTTPFields = [.location: localPath(request.uri.path) + query.suffix]
        let attributes = "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
        if let language = language.flatMap(Language.init(rawValue:)) {
            headers.append(HTTPField(name: .setCookie, value: "lang=\(language.rawValue)\(attributes)"))
        }
        if let size, size == "large" || size == "normal" {
            headers.append(HTTPField(name: .setCookie, value: "type=\(size)\(attributes)"))
        }
        return Response(status: .seeOther, headers: headers)
    }

    /// A path that a browser cannot take for another host (`//elsewhere`).
    private static func localPath(_ path: String) -> String {
        "/" + path.drop { $0 == "/" || $0 == "\\" }
    }
}
