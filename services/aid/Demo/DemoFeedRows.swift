import SocialDomain

/// The rows of the departments' extracts: the n-th row of a kind can be made again at any time.
struct DemoFeedRows: Sendable {
    let people: DemoPeople
    let dirt: DemoDirt
    let words = DemoFeedWords()

    static let asOf = CalendarDate(dayNumber: CalendarDate.dayNumber(year: 2026, month: 6, day: 30))

    /// Who a row is about.
    struct Subject {
        let person: DemoPerson
        let isRegistered: Bool
    }

    /// Sets the fields of a row as the department has them, before anything goes wrong.
    ///
    /// - Parameter isCorrected: the row is handed over a second time, with another amount.
    func fill(_ row: DemoRow, file: DemoFeedFile, index: Int, isCorrected: Bool) -> Subject {
        var random = DemoRandom(seed: people.seed, stream: 100 + UInt64(file.kind.rawValue), index: UInt64(index))
        let subject = subject(of: file.kind, index: index, &random)
        let kind = file.kind
        row.set(kind.idField) { $0.append(idNumberOfBody: subject.person.body) }
        row.set(kind.nameField) { people.names.write(subject.person.name, to: $0) }
        switch kind {
        case .medical: fillMedical(row, file, index, isCorrected, &random)
        case .disability: fillDisability(row, file, subject, isCorrected, &random)
        case .schooling: fillSchooling(row, file, subject, isCorrected, &random)
        case .employment: fillEmployment(row, file, subject, isCorrected, &random)
        case .deaths:
            let days = random.below(900) + (isCorrected ? 1 : 0)
            row.set(2) { $0.append(Self.asOf.adding(days: -days), file.dateForm) }
        case .vehicles: fillVehicle(row, file, index, subject, isCorrected, &random)
        case .property: fillProperty(row, file, index, isCorrected, &random)
        case .companies: fillCompany(row, file, isCorrected, &random)
        case .accidents: fillAccident(row, file, index, isCorrected, &random)
        case .relief: fillRelief(row, file, index, isCorrected, &random)
        }
        return subject
    }

    // MARK: Who

    private func subject(of kind: DemoKind, index: Int, _ random: inout DemoRandom) -> Subject {
        if random.below(1000) < kind.matched {
            return Subject(person: registered(for: kind, index: index, &random), isRegistered: true)
        }
        let outsiders = max(500, people.scale.rows / 16)
        return Subject(person: people.outsider(random.below(outsiders), ages: Self.ages(kind)), isRegistered: false)
    }

    /// The ages that a kind's rows are about.
    private static func ages(_ kind: DemoKind) -> ClosedRange<Int> {
        switch kind {
        case .schooling: 4...25
        case .employment: 18...66
        case .deaths: 45...96
        case .vehicles, .companies, .property: 20...80
        case .medical, .disability, .accidents, .relief: 1...92
        }
    }

    private func registered(for kind: DemoKind, index: Int, _ random: inout DemoRandom) -> DemoPerson {
        let count = people.scale.persons
        let ages = Self.ages(kind)
        var chosen = 0
        // A few tries to find somebody of the right age; who is left over shows as an oddity, as in real extracts.
        for attempt in 0..<20 {
            let draw: Int
            switch kind {
            case .medical, .relief, .property: draw = random.skewed(count)
            // One row for a person, or nearly so.
            case .disability: draw = index % count
            case .deaths: draw = (index * 8 + attempt) % count
            default: draw = random.below(count)
            }
            chosen = scattered(draw, kind)
            if kind == .disability || kind == .medical || kind == .relief { break }
            if ages.contains(people.person(at: chosen).ageAtAsOf) { break }
        }
        return dirt.asRegistered(chosen, people: people)
    }

    /// One to one over the register, other for each kind: who is ill often is not who owns most.
    private func scattered(_ draw: Int, _ kind: DemoKind) -> Int {
        // 1,000,003 is a prime that divides none of the register's sizes.
        (draw * 1_000_003 + (kind.rawValue + 1) * 7919) % people.scale.persons
    }

    // MARK: What

    private func fillMedical(
        _ row: DemoRow, _ file: DemoFeedFile, _ index: Int, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        row.set(0) {
            $0.append("YB")
            $0.append(number: 100_000_000 + index)
        }
        let days = file.part.lowerBound == 0 ? 170 + random.below(560) : random.below(210)
        row.set(3) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
        let total = max(1000, Int(random.logNormal(median: 200_000, spread: 1.45)))
        let paid = total * (15 + random.below(50)) / (isCorrected ? 110 : 100)
        row.set(4) { $0.append(hundredths: total) }
        row.set(5) { $0.append(hundredths: paid) }
        let (league, type) = (random.below(words.leagues.count), random.below(words.hospitals.count))
        row.set(6) {
            words.leagues.write(league, to: $0)
            words.hospitals.write(type, to: $0)
        }
        let special = random.below(100)
        if special < 2 {
            let place = random.below(words.quotedDiagnoses.count)
            row.set(7, quoting: true) { words.quotedDiagnoses.write(place, to: $0) }
        } else {
            let place = random.below(words.diagnoses.count)
            row.set(7) { words.diagnoses.write(place, to: $0) }
        }
    }

    private func fillDisability(
        _ row: DemoRow, _ file: DemoFeedFile, _ subject: Subject, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        let category = random.below(words.disabilities.count)
        let draw = random.below(100)
        let level = draw < 12 ? 1 : draw < 35 ? 2 : draw < 67 ? 3 : 4
        row.set(0) {
            $0.append(idNumberOfBody: subject.person.body)
            $0.append(number: category + 1)
            $0.append(number: level)
        }
        row.set(3) { words.disabilities.write(category, to: $0) }
        let listed = isCorrected ? max(1, level - 1) : level
        let inWords = random.below(100) < 36
        row.set(4) { inWords ? words.levels.write(listed - 1, to: $0) : $0.append(number: listed) }
        let days = random.below(5800)
        row.set(5) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
    }

    private func fillSchooling(
        _ row: DemoRow, _ file: DemoFeedFile, _ subject: Subject, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        let age = subject.person.ageAtAsOf
        let draw = random.below(100)
        let stage: Int
        switch age {
        case ..<13: stage = 0
        case ..<16: stage = 1
        case ..<19: stage = draw < 62 ? 2 : 3
        case ..<24: stage = draw < 52 ? 4 : 5
        case ..<30: stage = draw < 30 ? 5 : 6
        default: stage = 4
        }
        let town = random.below(words.leagues.count)
        let school = random.below(words.schools[stage].count)
        row.set(2) {
            words.leagues.write(town, to: $0)
            words.schools[stage].write(school, to: $0)
        }
        row.set(3) { words.stages.write(stage, to: $0) }
        let year = 2025 - random.below(stage == 0 ? 6 : 3)
        let month = random.below(100) < 92 ? 9 : 3
        let day = CalendarDate(dayNumber: CalendarDate.dayNumber(year: year, month: month, day: 1))
        row.set(4) { $0.append(day, file.dateForm) }
        let median = [500.0, 800, 1600, 2100, 5600, 5200, 8800][stage]
        let tuition = Int(random.logNormal(median: median, spread: 0.55) / 100) * 10_000 + (isCorrected ? 20_000 : 0)
        row.set(5) { $0.append(hundredths: tuition) }
    }

    private func fillEmployment(
        _ row: DemoRow, _ file: DemoFeedFile, _ subject: Subject, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        let draw = random.below(100)
        let retired = subject.person.ageAtAsOf >= 60
        // 在业, 失业, 退休
        let status: Int
        if retired { status = draw < 85 ? 2 : 0 } else { status = draw < (subject.isRegistered ? 42 : 78) ? 0 : 1 }
        row.set(2) { words.statuses.write(status, to: $0) }
        let median = subject.isRegistered ? 1250.0 : 4300
        let wage = Int(random.logNormal(median: median, spread: 0.42) * 100) / 100 * 100
        row.set(3) { $0.append(hundredths: isCorrected ? wage * 9 / 10 : wage) }
        let days = file.part.lowerBound == 0 ? 180 + random.below(800) : random.below(220)
        row.set(4) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
    }

    private func fillVehicle(
        _ row: DemoRow, _ file: DemoFeedFile, _ index: Int, _ subject: Subject, _ isCorrected: Bool,
        _ random: inout DemoRandom
    ) {
        // 12 letters of leagues and 33⁵ signs: a step that shares no divisor with 33 gives each row a plate of its own.
        row.set(0) { texts in
            texts.append("蒙")
            var number = index * 19_937 % (33 * 33 * 33 * 33 * 33)
            texts.append(UInt8(ascii: "A") + UInt8(index % 12))
            for _ in 0..<5 {
                texts.append(DemoFeedWords.plateSigns[number % 33])
                number /= 33
            }
        }
        let kind = min(random.below(words.vehicles.count), random.below(words.vehicles.count))
        row.set(3) { words.vehicles.write(kind, to: $0) }
        let days = random.below(4700)
        row.set(4) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
        let median = subject.isRegistered ? 27_000.0 : 86_000
        let price = Int(random.logNormal(median: median, spread: 0.7)) / 100 * 10_000 + (isCorrected ? 100_000 : 0)
        row.set(5) { $0.append(hundredths: price) }
    }

    private func fillProperty(
        _ row: DemoRow, _ file: DemoFeedFile, _ index: Int, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        let days = random.below(7000)
        let date = Self.asOf.adding(days: -days)
        row.set(0) {
            $0.append("蒙(")
            $0.append(number: date.year)
            $0.append(")不动产权第")
            $0.append(number: 1_000_000 + index)
            $0.append("号")
        }
        let draw = random.below(100)
        row.set(3) { words.uses.write(draw < 82 ? 0 : draw < 90 ? 1 : draw < 97 ? 2 : 3, to: $0) }
        let area = max(900, Int(random.logNormal(median: 8200, spread: 0.35)))
        row.set(4) { $0.append(hundredths: isCorrected ? area + 150 : area) }
        row.set(5) { $0.append(future(&random) ?? date, file.dateForm) }
    }

    private func fillCompany(
        _ row: DemoRow, _ file: DemoFeedFile, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        let county = people.places.countyCodes[random.below(people.places.countyCodes.count)]
        let organization = random.next()
        row.set(0) { DemoCreditCode.write(county: county, organization: organization, to: $0) }
        let (place, name, trade) = (
            random.below(words.leagues.count), random.below(words.companyNames.count), random.below(words.trades.count)
        )
        row.set(3) {
            words.leagues.write(place, to: $0)
            words.companyNames.write(name, to: $0)
            words.trades.write(trade, to: $0)
        }
        let draw = random.below(100)
        row.set(4) { words.roles.write(draw < 40 ? 0 : draw < 72 ? 1 : draw < 88 ? 2 : 3, to: $0) }
        let capital = (1 + Int(random.logNormal(median: 11, spread: 1.2))) * 1_000_000
        row.set(5) { $0.append(hundredths: isCorrected ? capital * 2 : capital) }
        let days = random.below(4000)
        row.set(6) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
    }

    private func fillAccident(
        _ row: DemoRow, _ file: DemoFeedFile, _ index: Int, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        let days = random.below(800)
        row.set(0) {
            $0.append("SG")
            $0.append(number: 100_000_000 + index)
        }
        row.set(3) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
        let kind = random.below(words.accidents.count)
        row.set(4) { words.accidents.write(kind, to: $0) }
        let draw = random.below(100)
        let severity = draw < 58 ? 0 : draw < 90 ? 1 : 2
        row.set(5) { words.severities.write(severity, to: $0) }
        let loss = Int(random.logNormal(median: [1500.0, 6000, 30_000][severity], spread: 0.7) * 100)
        row.set(6) { $0.append(hundredths: isCorrected ? loss + 50_000 : loss) }
    }

    private func fillRelief(
        _ row: DemoRow, _ file: DemoFeedFile, _ index: Int, _ isCorrected: Bool, _ random: inout DemoRandom
    ) {
        row.set(0) {
            $0.append("FF")
            $0.append(number: 100_000_000 + index)
        }
        let (department, program) = (random.skewed(words.departments.count), random.skewed(words.programs.count))
        row.set(3) { words.departments.write(department, to: $0) }
        row.set(4) { words.programs.write(program, to: $0) }
        let amount = max(1000, Int(random.logNormal(median: 62_000, spread: 0.6)))
        row.set(5) { $0.append(hundredths: isCorrected ? amount + 5000 : amount) }
        let days = file.part.lowerBound == 0 ? 170 + random.below(560) : random.below(210)
        row.set(6) { $0.append(future(&random) ?? Self.asOf.adding(days: -days), file.dateForm) }
    }

    /// Now and then a clerk mistypes the year, and the day lies ahead.
    private func future(_ random: inout DemoRandom) -> CalendarDate? {
        random.chance(20) ? Self.asOf.adding(days: 1 + random.below(300)) : nil
    }
}
