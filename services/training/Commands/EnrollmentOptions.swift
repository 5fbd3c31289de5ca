import ArgumentParser

/// What the county decides about sign-ups.
struct EnrollmentOptions: ParsableArguments {
    @Option(help: "Nobody below this age is trained for work.")
    var youngest = 16

    @Option(help: "The last year of age with a subsidy, men.")
    var oldestMen = 59

    @Option(help: "The last year of age with a subsidy, women.")
    var oldestWomen = 59

    @Option(help: "Hours for which a seat is held for whoever waited.")
    var offerHours: Int64 = 48

    var settings: EnrollmentSettings {
        var settings = EnrollmentSettings()
        settings.youngest = youngest
        settings.oldestMen = oldestMen
        settings.oldestWomen = oldestWomen
        settings.offerHours = offerHours
        return settings
    }

    func validate() throws {
        guard (14...30).contains(youngest) else { throw ValidationError("--youngest is 14 to 30") }
        guard (40...80).contains(oldestMen), (40...80).contains(oldestWomen) else {
            throw ValidationError("--oldest-men and --oldest-women are 40 to 80")
        }
        guard (1...720).contains(offerHours) else { throw ValidationError("--offer-hours is 1 to 720") }
    }
}
