import ServiceKit
import SocialDomain

/// The two forms of the timetable, one session and a series, with what was typed into one of them.
struct TimetableForms {
    static let seriesPrefix = "series-"

    let single: (String) -> String
    let series: (String) -> String

    /// Empty, but for the days of the class and a usual morning.
    init(_ item: TrainingClass) {
        single = Self.start(item)
        series = Self.start(item)
    }

    init(_ item: TrainingClass, typed form: Form, isSeries: Bool) {
        let value: (String) -> String = { form[$0] ?? "" }
        single = isSeries ? Self.start(item) : value
        series = isSeries ? value : Self.start(item)
    }

    private static func start(_ item: TrainingClass) -> (String) -> String {
        { field in
            switch field {
            case "day": item.content.startsOn.description
            case "until": item.content.endsOn.description
            case "from": "09:00"
            case "to": "12:00"
            case "skipsHolidays", "weekday1", "weekday2", "weekday3", "weekday4", "weekday5": "yes"
            default: ""
            }
        }
    }

    /// What a session may choose from.
    struct Choices {
        let rooms: [(value: String, title: String)]
        let instructors: [(value: String, title: String)]

        init(_ rooms: [Room], _ instructors: [Instructor], _ words: Words) {
            let none = (value: "", title: words["form.choose"])
            self.rooms =
                [none]
                + rooms.map {
                    (value: "\($0.id)", title: words("session.room", ["name": $0.name, "seats": "\($0.seats)"]))
                }
            self.instructors = [none] + instructors.map { (value: "\($0.id)", title: $0.name) }
        }
    }

    /// The inputs of one session.
    static func inputs(_ view: FormView, _ choices: Choices) -> [Fields] {
        [
            view.input("day", .day, isNeeded: true), view.input("from", isNeeded: true, most: 5),
            view.input("to", isNeeded: true, most: 5), view.input("room", .choice(choices.rooms), isNeeded: true),
            view.input("instructor", .choice(choices.instructors), isNeeded: true), view.input("hours", most: 2),
            view.input("topic", most: 200),
        ]
    }

    func fields(
        _ item: TrainingClass, rooms: [Room], instructors: [Instructor], faults: [FieldFault], words: Words
    ) -> Fields {
        let choices = Choices(rooms, instructors, words)
        let one = FormView(words: words, area: "session", faults: faults, value: single)
        let many = FormView(
            words: words, area: "session", faults: faults, prefix: Self.seriesPrefix, value: series)
        let isSeries = faults.contains { $0.field.hasPrefix(Self.seriesPrefix) }
        let isSingle = faults.contains { fault in PlannedSession.fields.contains(fault.field) }
        var fields = Fields()
        fields["inputs"] = Self.inputs(one, choices)
        let inputs = Self.inputs(many, choices)
        fields["many"] =
            [
                "inputs": [inputs[0], many.input("until", .day, isNeeded: true)] + inputs.dropFirst()
                    + [many.input("skipsHolidays", .tick)]
            ] as Fields
        fields["weekdays"] = (1...7).map { day -> Fields in
            [
                "id": "\(Self.seriesPrefix)weekday\(day)", "name": "weekday\(day)",
                "title": words["weekday.\(day)"], "isTicked": series("weekday\(day)") == "yes",
            ]
        }
        fields["weekdayFault"] = faults.first { $0.field == "\(Self.seriesPrefix)weekday1" }.map { words[$0.message] }
        fields["isSeriesOpen"] = isSeries
        fields["isSingleOpen"] = isSingle
        fields["nothingToPlan"] =
            rooms.isEmpty || instructors.isEmpty ? ["href": SchoolPages.address(item.school)] as Fields : nil
        return fields
    }
}
