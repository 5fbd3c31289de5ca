import SocialDomain

/// The register's two files.
struct DemoRegister {
    let people: DemoPeople
    let dirt: DemoDirt

    private enum Stream: UInt64 {
        case household = 50
        case person
    }

    func writeHouseholds(to file: DemoFile) throws(DemoFailure) {
        let output = file.text
        let count = people.scale.households
        output.append("household_id,division,settlement,category,income_per_capita,enrolled_on\n")
        for place in 0..<count {
            // 1,000,003 is a prime: each household once, in no order.
            let index = place * 1_000_003 % count
            write(household: index, to: output)
            if dirt.isOn, place % 2400 == 1200 {
                writeFaultyHouseholds(after: index, to: output)
            }
            try file.rowIsDone()
        }
        try file.flush()
    }

    func writePersons(to file: DemoFile) throws(DemoFailure) {
        let output = file.text
        let count = people.scale.persons
        output.append("person_id,household_id,id_number,name,sex,birth_date,relation\n")
        for place in 0..<count {
            let index = place * 1_000_003 % count
            write(person: index, to: output)
            if dirt.isOn, place % 3400 == 1700 {
                writeFaultyPersons(after: index, to: output)
            }
            try file.rowIsDone()
        }
        try file.flush()
    }

    // MARK: Households

    private func write(household index: Int, to output: DemoBytes) {
        let household = people.household(at: index)
        var random = DemoRandom(seed: people.seed, stream: Stream.household.rawValue, index: UInt64(index))
        let townships = people.places.counties[household.county].townships
        let township = townships[random.below(townships.count)]
        // The third part of a code tells streets (0), towns (1) and country townships (2) apart.
        let urbanShare = [95, 42, 4][min(2, Int(township % 1000 / 100))]
        let isUrban = random.below(100) < urbanShare

        writeHouseholdID(index, to: output)
        output.append(UInt8(ascii: ","))
        let detail = random.below(100)
        if detail < 4 {
            output.append(number: Int(township / 1000))
        } else {
            output.append(number: Int(township))
            // Residents' committees from 001, villagers' from 200.
            if detail >= 15 { output.append(number: (isUrban ? 1 : 200) + random.below(16), width: 3) }
        }
        output.append(isUrban ? ",urban," : ",rural,")

        let (category, medianIncome) = category(of: household, isUrban: isUrban, random.below(100))
        output.append(text: category.rawValue)
        output.append(UInt8(ascii: ","))
        let income = Int(random.logNormal(median: medianIncome, spread: 0.3) * 100)
        let oddity = dirt.isOn ? random.below(10_000) : 10_000
        switch oddity {
        case 0..<10: break
        case 10..<12: output.append("约800")
        case 12..<22:
            output.append("¥")
            output.append(hundredths: income)
        default: output.append(hundredths: income)
        }
        output.append(UInt8(ascii: ","))
        let days = 20 + min(random.below(4000), random.below(4000))
        let enrolled = DemoFeedRows.asOf.adding(days: -days)
        switch oddity {
        case 30..<40: break
        case 40..<42: output.append("2021-02-30")
        case 42..<52: output.append(enrolled, .chinese)
        default: output.append(enrolled, .iso)
        }
        output.append(UInt8(ascii: "\n"))
    }

    private func category(
        of household: DemoHousehold, isUrban: Bool, _ draw: Int
    ) -> (HouseholdCategory, medianIncome: Double) {
        let age = DemoPeople.asOfYear - household.headBirthYear
        switch draw {
        case ..<54: return (.dibao, isUrban ? 590 : 430)
        case ..<68: return (.dibaoEdge, isUrban ? 980 : 760)
        case ..<82:
            // 特困: alone, and 60 or older or under 16 (特困人员认定办法 art. 5).
            let isDestitute = household.size == 1 && (age >= 60 || age < 16)
            return isDestitute ? (.tekun, 380) : (.dibao, isUrban ? 590 : 430)
        case ..<89: return (.rigidExpense, 1650)
        case ..<93: return isUrban ? (.factualHardship, 1150) : (.monitored, 1050)
        default: return (.monitored, 1050)
        }
    }

    private func writeFaultyHouseholds(after index: Int, to output: DemoBytes) {
        // Without its id, seen before, with a column missing.
        output.append(",150423,urban,dibao,500.00,2024-01-01\n")
        writeHouseholdID(index, to: output)
        output.append(",150423,rural,dibao,501.00,2024-01-01\n")
        writeHouseholdID(90_000_000 + index, width: 8, to: output)
        output.append(",150423,urban,dibao,500.00\n")
    }

    // MARK: Persons

    private func write(person index: Int, to output: DemoBytes) {
        let (household, position) = people.membership(ofPerson: index)
        let person = people.person(at: index, in: household, position: position)
        var random = DemoRandom(seed: people.seed, stream: Stream.person.rawValue, index: UInt64(index))
        let body =
            dirt.isOn && DemoDirt.sharesNumber(index) ? people.person(at: index - 1).body : person.body
        let oddity = dirt.isOn ? random.below(10_000) : 10_000

        writePersonID(index, to: output)
        output.append(UInt8(ascii: ","))
        writeHouseholdID(household.index, to: output)
        output.append(UInt8(ascii: ","))
        writeNumber(body, birthYear: person.birthYear, oddity: oddity, to: output)
        output.append(UInt8(ascii: ","))
        people.names.write(person.name, to: output)
        output.append(person.isMale ? ",male," : ",female,")
        let date = Int(person.body / 1000 % 100_000_000)
        let birth = CalendarDate.dayNumber(year: date / 10_000, month: date / 100 % 100, day: date % 100)
        switch oddity {
        case 60..<65: break
        case 65..<68: output.append("1960-13-01")
        default: output.append(CalendarDate(dayNumber: birth), .iso)
        }
        output.append(UInt8(ascii: ","))
        output.append(text: household.relation(ofMember: position).rawValue)
        output.append(UInt8(ascii: "\n"))
    }

    private func writeNumber(_ body: UInt64, birthYear: Int, oddity: Int, to output: DemoBytes) {
        switch oddity {
        case 0..<20 where birthYear < 2000:
            output.append(number: Int(body / 100_000_000_000), width: 6)
            output.append(number: Int(body % 1_000_000_000), width: 9)
        case 20..<23: break
        case 23..<26: output.append("150423199902301234")
        case 26..<32:
            output.append(" ")
            output.append(idNumberOfBody: body)
            output.append("　")
        default: output.append(idNumberOfBody: body)
        }
    }

    private func writeFaultyPersons(after index: Int, to output: DemoBytes) {
        // Without its id, seen before, of no household, with a column too many.
        output.append(",H00000001,150423197001011234,张福生,male,1970-01-01,other\n")
        writePersonID(index, to: output)
        output.append(",H0000001,150423197001011234,张福生,male,1970-01-01,other\n")
        writePersonID(90_000_000 + index, to: output)
        output.append(",H9999999,150423197001011234,张福生,male,1970-01-01,other\n")
        writePersonID(91_000_000 + index, to: output)
        output.append(",H0000001,150423197001011234,张福生,male,1970-01-01,other,多余\n")
    }

    private func writeHouseholdID(_ index: Int, width: Int = 7, to output: DemoBytes) {
        output.append("H")
        output.append(number: index + 1, width: width)
    }

    private func writePersonID(_ index: Int, to output: DemoBytes) {
        output.append("P")
        output.append(number: index + 1, width: 8)
    }
}
