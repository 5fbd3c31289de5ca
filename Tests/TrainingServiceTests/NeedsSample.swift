import Contracts
import Foundation
import HTTPTypes
import NIOCore
import Security
import ServiceKit
import Storage
import Synchronization

@testable import TrainingService

/// The service with a school, classes, a need that aid told of, and an aid that answers as a test wishes.
struct NeedsSample: Sendable {
    let training: TrainingSample
    let aid: FakeAid

    /// The outer network's edge: what aid says of people.
    final class FakeAid: Sendable {
        let answer = Mutex<@Sendable (String) throws -> PersonRecord>({ person in
            PersonRecord(
                person: person, household: "H1", division: "150402001002", settlement: "rural", name: "巴特尔",
                idNumber: "110101198505060011", isLowIncome: true)
        })
        private let questions = Mutex<[String]>([])
        var asked: [String] { questions.withLock { $0 } }

        var people: AidPeople {
            AidPeople { person in
                self.questions.withLock { $0.append(person) }
                return try self.answer.withLock { $0 }(person)
            }
        }

        func answers(_ body: @escaping @Sendable (String) throws -> PersonRecord) { answer.withLock { $0 = body } }
    }

    init(_ engine: Engine = .sqlite, signIn: SignIn? = nil, isConnected: Bool = true) async throws {
        let aid = FakeAid()
        self.aid = aid
        training = try await TrainingSample(engine, signIn: signIn) { application in
            if isConnected { application.people = aid.people }
        }
        try await run(Self.rows)
        try await Outbox(database: training.store.database).setReceivers([
            EventReceiver(name: "aid", address: "http://127.0.0.1:1/aid", types: [Milestone.eventType])
        ])
    }

    func run(_ sql: String) async throws {
        try await training.store.database.write { db in
            for statement in sql.split(separator: ";") where statement.contains(where: \.isLetter) {
                try db.execute(SQL(trusted: String(statement)))
            }
        }
    }

    /// The rows of a query, each as its values joined by bars.
    func lines(_ sql: String) async throws -> [String] {
        try await training.store.database.read { db in
            try db.rows(SQL(trusted: sql)).map { row in
                row.values.map { value in
                    switch value {
                    case .null: "-"
                    case .text(let text): text
                    case .integer(let number): "\(number)"
                    default: "?"
                    }
                }.joined(separator: "|")
            }
        }
    }

    /// What aid tells of a person.
    func need(
        _ person: String, sequence: Int64 = 1, division: String = "150402001002", from service: String = "aid",
        id: String = UUID().uuidString
    ) async throws -> Inbox.Receipt {
        var inbox = Inbox(database: training.store.database)
        inbox.on(NeedStore.eventType) { event, db in
            try NeedStore.handle(event, at: "2026-06-30T02:00:00Z", in: db)
        }
        let event = try CloudEvent(
            id: id, service: service, type: NeedStore.eventType, subject: person, milliseconds: 1_782_806_400_000,
            sequence: sequence, previous: 0,
            data: #"{"birthYear":1985,"division":"\#(division)","household":"H1","sex":"male"}"#)
        return try await inbox.receive(
            event, from: Caller(kind: .service, id: service, name: service, scope: .ownMachine))
    }

    /// School 1 with classes: 1 for leaving, one seat left; 2 for staying; 3 in the neighbour county; 4 not open; 5 for both.
    static let rows = """
        INSERT INTO school (credit_code, name, division) VALUES ('91150402MA0000001X', '红山职业培训学校', '150402');
        INSERT INTO program (school_id, title, trade, level, hours, price, subsidy, state)
        VALUES (1, '育婴员', '4-10-01-05', 5, 80, 0, 160000, 'approved'), (1, '养老护理员', '4-14-01-02', 4, 120, 0, 240000, 'approved');
        INSERT INTO training_class (program_id, school_id, division, title, audience, place, capacity, seated, starts_on, ends_on,
            sign_up_until, state)
        VALUES (1, 1, '150402001', '育婴员一班', 'leaving', '红山区文化站', 30, 29, '2026-07-10', '2026-08-10', '2026-07-08', 'open'),
            (2, 1, '150402002', '养老护理一班', 'staying', '', 30, 0, '2026-07-12', '2026-08-20', '2026-07-08', 'open'),
            (1, 1, '150403001', '元宝山育婴班', 'any', '', 30, 0, '2026-07-10', '2026-08-10', '2026-07-08', 'open'),
            (1, 1, '150402001', '育婴员二班', 'any', '', 30, 0, '2026-07-10', '2026-08-10', '2026-07-08', 'submitted'),
            (1, 1, '150402003', '育婴员三班', 'any', '', 30, 0, '2026-07-20', '2026-08-30', '2026-07-18', 'open')
        """
}
