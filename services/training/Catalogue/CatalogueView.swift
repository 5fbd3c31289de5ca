import ServiceKit
import SocialDomain

/// Classes in words.
struct CatalogueView {
    let words: Words
    let divisions: DivisionTree

    func card(_ hit: ClassCatalogue.Hit) -> Fields {
        let offer = hit.offer
        var fields = money(offer)
        fields["title"] = offer.title
        fields["href"] = "/training/open/\(offer.id)"
        fields["program"] = offer.programTitle == offer.title ? words[offer.level.title] : program(offer)
        fields["when"] = words(
            "offer.when", ["from": date(offer.startsOn), "to": date(offer.endsOn), "n": "\(offer.hours)"])
        fields["where"] = place(offer, metres: hit.metres)
        fields["seats"] = seats(offer)
        fields["isFull"] = isFull(offer)
        fields["until"] = words("offer.until", ["date": date(offer.signUpUntil)])
        if offer.audience != .any { fields["audience"] = words["offer.audience.\(offer.audience.rawValue)"] }
        return fields
    }

    /// What it costs and what is paid back.
    func money(_ offer: CatalogueClass) -> Fields {
        var fields: Fields = [:]
        fields["cost"] =
            offer.price == .zero ? words["offer.free"] : words("offer.price", ["money": yuan(offer.price)])
        if offer.subsidy > .zero, offer.price > .zero {
            fields["refund"] =
                offer.rest == .zero
                ? words["offer.refund.all"]
                : words("offer.refund", ["money": yuan(min(offer.subsidy, offer.price)), "rest": yuan(offer.rest)])
        } else if offer.subsidy > .zero {
            fields["refund"] = words["offer.refund.state"]
        } else if offer.price > .zero {
            fields["refund"] = words["offer.refund.none"]
        }
        return fields
    }

    func yuan(_ money: Money) -> String { words("money.yuan", ["n": Figures.amount(money.yuan)]) }
    func date(_ text: String) -> String { Figures.date(text, in: words.language) }
    func program(_ offer: CatalogueClass) -> String { "\(offer.programTitle) · \(words[offer.level.title])" }

    func place(_ offer: CatalogueClass, metres: Double? = nil) -> String {
        let division = divisions.pathName(ofDigits: offer.division)
        let place = [offer.place.isEmpty ? offer.schoolName : offer.place, division].joined(separator: " · ")
        guard let metres else { return place }
        return place + " · " + distance(metres)
    }

    /// `800 米`, `3.2 公里`, `15 公里`.
    func distance(_ metres: Double) -> String {
        if metres < 1000 { return words("distance.m", ["n": "\(Int((metres / 100).rounded(.up)) * 100)"]) }
        let tenths = Int((metres / 100).rounded())
        return words("distance.km", ["n": tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\((tenths + 5) / 10)"])
    }

    func isFull(_ offer: CatalogueClass) -> Bool { offer.policy != .lottery && (offer.free == 0 || offer.waiting > 0) }

    func seats(_ offer: CatalogueClass) -> String {
        if offer.policy == .lottery, !offer.isDrawn {
            return words("offer.seats.lottery", ["n": "\(offer.capacity)", "applied": "\(offer.applied)"])
        }
        if isFull(offer) {
            return words("offer.seats.full", ["n": "\(offer.capacity)", "waiting": "\(offer.waiting)"])
        }
        return words("offer.seats.free", ["free": "\(offer.free)", "n": "\(offer.capacity)"])
    }

    // MARK: - The filters

    func filters(_ filter: CatalogueFilter, counties: [DivisionCode]) -> Fields {
        let county = filter.division?.ancestor(at: .county)
        var places = counties
        if let chosen = county ?? filter.division, !places.contains(chosen) { places.append(chosen) }
        var fields: Fields = [
            "text": filter.text, "isFree": filter.hasFreeSeats,
            "selects": [
                select(
                    "audience", "filter.audience",
                    [WorkWish.leaving, .staying].map { ($0.rawValue, words["offer.audience.\($0.rawValue)"]) },
                    filter.audience == .any ? nil : filter.audience.rawValue),
                select(
                    "days", "filter.days", CatalogueFilter.spans.map { ("\($0)", words["filter.days.\($0)"]) },
                    filter.days.map { "\($0)" }),
                select(
                    "division", "filter.division", divisionChoices(places, county),
                    filter.division?.prefix),
            ],
        ]
        if let point = filter.point {
            fields["here"] =
                [
                    "lat": "\(point.latitude)", "lon": "\(point.longitude)",
                    "within": select(
                        "within", "filter.within",
                        CatalogueFilter.distances.map { ("\($0)", words("distance.km", ["n": "\($0)"])) },
                        filter.within.map { "\($0)" }),
                ] as Fields
        }
        return fields
    }

    /// Counties with classes, and below the chosen one its townships.
    private func divisionChoices(_ counties: [DivisionCode], _ chosen: DivisionCode?) -> [(String, String)] {
        counties.sorted().flatMap { county -> [(String, String)] in
            let own = [(county.prefix, divisions.pathName(of: county))]
            guard county == chosen else { return own }
            return own + divisions.children(of: county).map { ($0.code.prefix, "　" + $0.name) }
        }
    }

    func active(_ filter: CatalogueFilter, _ query: QueryItems) -> Fields? {
        var active: [(names: [String], word: String)] = []
        if !filter.text.isEmpty { active.append((["q"], filter.text)) }
        if filter.audience != .any {
            active.append((["audience"], words["offer.audience.\(filter.audience.rawValue)"]))
        }
        if let days = filter.days { active.append((["days"], words["filter.days.\(days)"])) }
        if let division = filter.division { active.append((["division"], divisions.pathName(of: division))) }
        if filter.point != nil {
            let word = filter.within.map { words("filter.near.within", ["n": "\($0)"]) } ?? words["filter.near"]
            active.append((["lat", "lon", "within"], word))
        }
        if filter.hasFreeSeats { active.append((["free"], words["filter.free"])) }
        guard !active.isEmpty else { return nil }
        return [
            "words": active.map { names, word -> Fields in
                var rest = query.removing("page")
                for name in names { rest.remove(name) }
                return ["word": word, "removeHref": "/training/open" + rest.suffix]
            },
            "clearHref": "/training/open",
        ]
    }

    func select(_ name: String, _ label: String, _ options: [(String, String)], _ current: String?) -> Fields {
        var options = options
        if let current, !options.contains(where: { $0.0 == current }) { options.append((current, current)) }
        return [
            "id": name, "label": words[label],
            "options": ([("", words["filter.any"])] + options).map { value, name -> Fields in
                ["value": value, "name": name, "isChosen": value == current ?? ""]
            },
        ]
    }

    // MARK: - One class

    func timetable(_ lessons: [CatalogueLesson]) -> Table {
        Table(
            caption: words["offer.timetable"],
            columns: [
                .init(words["lesson.day"], isShort: true), .init(words["lesson.time"], isShort: true),
                .init(words["lesson.topic"]), .init(words["lesson.room"], isMinor: true),
                .init(words["lesson.instructor"], isMinor: true),
            ],
            rows: lessons.map { lesson in
                [
                    .init(Figures.date(ClassMinute.day(lesson.startsAt), in: words.language)),
                    .init("\(ClassMinute.clock(lesson.startsAt))–\(ClassMinute.clock(lesson.endsAt))"),
                    .init(lesson.topic), .init(lesson.room), .init(lesson.instructor),
                ]
            }, emptiness: words["offer.timetable.none"])
    }

    /// What happens with a sign-up here, in the order in which it happens.
    func policy(_ offer: CatalogueClass, _ settings: EnrollmentSettings) -> [String] {
        var lines = [words[offer.policy.explanation]]
        if offer.needsApproval, offer.policy != .lottery { lines.append(words["policy.approval"]) }
        lines.append(words("policy.offer", ["n": "\(settings.offerHours)"]))
        return lines
    }

    func ages(_ settings: EnrollmentSettings) -> String {
        words(
            "policy.ages",
            [
                "from": "\(settings.youngest)", "men": "\(settings.oldestMen)", "women": "\(settings.oldestWomen)",
                "n": "\(settings.subsidiesAYear)",
            ])
    }
}
