import Foundation
import HTTPTypes
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// The rules of instructors and programs, and forms that are sent twice at the same moment.
@Suite struct ClassSchoolTests {
    @Test(arguments: TestServer.engines) func `an instructor who was a learner is known again by the number`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1, state: "ended")
        try await sample.insertLearner(1)
        try await sample.enroll(1, in: 1, state: "completed")
        let typed = ["name": "学员1", "isActive": "yes"]
        var fields = TypedFields { typed[$0] }
        let content = try #require(InstructorContent(&fields) { _ in true })
        let seal = sample.sample.application.seal
        let number = try CitizenID("150402199001010023")

        let id = try await sample.change { try $0.addInstructor(content, number: number, seal: seal, to: 1) }
        let again = try await sample.change { try $0.addInstructor(content, number: number, seal: seal, to: 1) }
        let other = try await sample.change { try $0.addInstructor(content, number: number, seal: seal, to: 2) }
        let former = try await sample.database.read { db in
            try [id, other].map { id in
                let found = try #require(
                    try SchoolQueries.instructor(id, within: ClassPeople.caller("anna").scope, in: db))
                return try SchoolQueries.training(of: found.instructor.numberIndex, school: found.school, in: db)
            }
        }

        #expect(again == id)
        #expect(former == [.thisSchool, .thisCounty])
        #expect(
            try await sample.count("SELECT learner_id AS n FROM instructor WHERE instructor_id = \(id)") == 1)
        #expect(
            try await sample.count(
                "SELECT count(*) AS n FROM instructor WHERE number_sealed = \(Array(number.text.utf8))") == 0)
    }

    @Test(arguments: TestServer.engines) func `a program is approved by another and then stays as it is`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        let typed = [
            "title": "中式面点", "trade": "4-03-02-02", "level": "5", "hours": "80", "price": "0", "subsidy": "1200",
        ]
        var fields = TypedFields { typed[$0] }
        let content = try #require(ProgramContent(&fields) { _ in true })

        let id = try await sample.change { try $0.makeProgram(content, for: 1, key: "k1") }
        let again = try await sample.change { try $0.makeProgram(content, for: 1, key: "k1") }
        try await sample.change { try $0.submitProgram(id, version: 1) }
        let own = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.decideProgram(id, .approve, note: "", version: 2) }
        }
        try await sample.change(by: "ruth") { try $0.decideProgram(id, .approve, note: "", version: 2) }
        let fixed = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.saveProgram(id, content, version: 3) }
        }
        let foreign = await #expect(throws: StepRefusal.self) {
            try await sample.change(division: "150403") { try $0.program(id) }
        }

        #expect(again == id)
        #expect(own == .samePerson)
        #expect(fixed == .programFixed)
        #expect(foreign == .unknown)
        #expect(
            try await sample.text("SELECT state FROM program WHERE program_id = \(id)", "state") == "approved")
    }

    @Test(arguments: TestServer.engines) func `two clicks at the same moment make one school, one program, one class`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine, signIn: ClassPeople.signIn())
        let officer = try await ClassPeople.headers("anna", ["officer"])
        let forms: [(String, [String: String])] = [
            (
                "/training/schools/new",
                ["name": "甲校", "creditCode": "52150402MJY222222M", "division": "150402"]
            ),
            (
                "/training/schools/1/programs/new",
                [
                    "title": "护理", "trade": "4-14-01-02", "level": "5", "hours": "80", "price": "0", "subsidy": "1200",
                    "key": "k1",
                ]
            ),
            (
                "/training/classes/new",
                [
                    "program": "1", "title": "一班", "division": "150402", "place": "楼", "audience": "any",
                    "capacity": "20", "startsOn": "2026-07-01", "endsOn": "2026-07-31", "signUpUntil": "2026-06-30",
                    "policy": "first-come", "key": "k2",
                ]
            ),
            (
                "/training/classes/1/sessions",
                ["day": "2026-07-01", "from": "09:00", "to": "12:00", "room": "1", "instructor": "1"]
            ),
        ]
        try await sample.insertClass(1)

        for (path, fields) in forms {
            let answers = try await withThrowingTaskGroup(of: TrainingSample.Answer.self) { group in
                for _ in 0..<6 { group.addTask { try await sample.sample.post(path, fields, officer) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.status)) == [303], "\(path)")
            #expect(Set(answers.map(\.location)).count == 1, "\(path)")
        }
        #expect(try await sample.count("SELECT count(*) AS n FROM school") == 4)
        #expect(try await sample.count("SELECT count(*) AS n FROM program") == 4)
        #expect(try await sample.count("SELECT count(*) AS n FROM training_class") == 2)
        #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 1)
    }

    @Test(arguments: TestServer.engines) func `of two decisions at the same moment one stands`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        let lessons = try (1...3).map { try ClassSample.session($0, 9, 12) }
        try await sample.change { _ = try $0.addSessions(lessons, to: 1) }
        try await sample.change { try $0.submitClass(1, version: 2) }

        async let approved = decide(sample, "ruth", .approve)
        async let returned = decide(sample, "saul", .return)
        let ends = await [approved, returned]

        #expect(ends.sorted() == ["done", "stale"])
        #expect(
            try await sample.count(
                "SELECT count(*) AS n FROM audit_entry WHERE action IN ('class.approve', 'class.return')") == 1)
    }

    private func decide(_ sample: ClassSample, _ id: String, _ decision: ChangeDesk.ClassDecision) async -> String {
        do {
            try await sample.change(by: id) { try $0.decideClass(1, decision, note: "请改", version: 3) }
            return "done"
        } catch {
            return error as? StepRefusal == .stale ? "stale" : "\(error)"
        }
    }
}
