import ServiceKit
import SocialDomain

/// The needs in words.
struct NeedView {
    let words: Words
    let divisions: DivisionTree
    let today: CalendarDate

    static let path = "/training/needs"

    static func address(_ person: String) -> String { "\(path)/\(QueryItems.encoded(person))" }

    // MARK: - The list

    func table(
        _ needs: [TrainingNeed], places: [Int64: [NeedStore.Place]], classes: [OpenClass], emptiness: String
    ) -> Table {
        Table(
            caption: words["needs.title"],
            columns: [
                .init(words["needs.column.person"]), .init(words["needs.column.home"]),
                .init(words["needs.column.asked"], isShort: true), .init(words["needs.column.wish"], isShort: true),
                .init(words["needs.column.schooling"], isShort: true, isMinor: true),
                .init(words["needs.column.state"]), .init(words["needs.column.best"]),
            ],
            rows: needs.map { need in
                [
                    .init(need.person, href: Self.address(need.person), note: about(need)),
                    .init(home(need)), .init(Figures.day(need.askedAt, in: words.language)),
                    .init(words[need.wish.title]), .init(words[need.schooling.title]),
                    state(need, places), best(need, places, classes),
                ]
            }, emptiness: emptiness)
    }

    /// `女，1985 年生`
    func about(_ need: TrainingNeed) -> String {
        let born = words("needs.born", ["year": "\(need.birthYear)"])
        return need.sex.map { words[$0.title] + words["needs.comma"] + born } ?? born
    }

    func home(_ need: TrainingNeed) -> String {
        let code = DivisionCode(need.division)
        return divisions.pathName(ofDigits: code?.ancestor(at: .township)?.text ?? need.division)
    }

    private func state(_ need: TrainingNeed, _ places: [Int64: [NeedStore.Place]]) -> Table.Cell {
        let held = need.learner.flatMap { places[$0]?.first }
        return Table.Cell(
            words[need.state.title], note: held.map { "\($0.title)：\(words[$0.state.title])" })
    }

    private func best(
        _ need: TrainingNeed, _ places: [Int64: [NeedStore.Place]], _ classes: [OpenClass]
    ) -> Table.Cell {
        let isHeld = need.learner.flatMap { places[$0]?.contains(where: \.isHeld) } ?? false
        guard need.state.takesOffers, !isHeld else { return Table.Cell("–") }
        guard let match = ClassMatch.best(of: classes, for: need.profile) else {
            return Table.Cell(words["needs.noMatch"])
        }
        return Table.Cell(
            match.offer.title, note: match.reasons.map { words[$0] }.joined(separator: words["needs.semicolon"]))
    }

    // MARK: - One person

    func fields(_ need: TrainingNeed, places: [NeedStore.Place], classes: [OpenClass]) -> Fields {
        let isHeld = places.contains(where: \.isHeld)
        var fields: Fields = [
            "action": Self.address(need.person), "offerAction": Self.address(need.person) + "/offer",
            "version": "\(need.version)", "stateName": words[need.state.title],
            "facts": [
                ["term": words["needs.column.home"], "meaning": home(need)] as Fields,
                ["term": words["needs.about"], "meaning": about(need)],
                ["term": words["needs.column.asked"], "meaning": Figures.day(need.askedAt, in: words.language)],
                ["term": words["needs.column.state"], "meaning": words[need.state.title]],
            ],
            "wishes": options(WorkWish.allCases, chosen: need.wish, \.title),
            "schoolings": options(Schooling.allCases, chosen: need.schooling, \.title),
            "isDeclined": need.state == .declined, "note": need.note,
            "places": places.map(place),
        ]
        guard need.state.takesOffers, !isHeld else { return fields }
        let matches = ClassMatch.ranked(classes, for: need.profile).prefix(10)
        var offers: Fields = ["matches": matches.map(match)]
        if matches.isEmpty { offers["noMatch"] = words["needs.noMatch.long"] }
        fields["offers"] = offers
        return fields
    }

    private func place(_ place: NeedStore.Place) -> Fields {
        var text = "\(place.title)：\(words[place.state.title])"
        if let until = place.offeredUntil {
            text += words("needs.until", ["moment": Figures.moment(until, in: words.language)])
        }
        return ["placeText": text]
    }

    private func match(_ match: ClassMatch) -> Fields {
        let offer = match.offer
        return [
            "classID": "\(offer.id)", "className": offer.title,
            "classText": words(
                "needs.class",
                [
                    "school": offer.school, "trade": offer.trade, "level": words[offer.level.title],
                    "from": Figures.date(offer.startsOn, in: words.language),
                    "to": Figures.date(offer.endsOn, in: words.language), "free": "\(offer.freeSeats)",
                ]),
            "classPlace": [divisions.pathName(ofDigits: offer.division), offer.place].filter { !$0.isEmpty }
                .joined(separator: " "),
            "reasons": match.reasons.map { ["reason": words[$0]] as Fields },
        ]
    }

    private func options<Value: RawRepresentable<String> & Equatable>(
        _ values: [Value], chosen: Value, _ title: (Value) -> LocalizedText
    ) -> [Fields] {
        values.map { ["value": $0.rawValue, "name": words[title($0)], "isChosen": $0 == chosen] }
    }
}
