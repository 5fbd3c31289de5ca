import Contracts
import Foundation
import Hummingbird
import NIOCore
import NIOPosix
import ServiceKit
import SocialDomain
import Tabular

/// The sheet of a session: to print, to download, to take in.
struct SheetPages: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.attendanceSheet) { request, context in
            try await show(request, context, faults: [])
        }
        routes.on(TrainingContract.attendanceSheetCSV) { request, context in try await csv(request, context) }
        routes.on(TrainingContract.takeAttendanceSheet) { request, context in try await take(request, context) }
    }

    private func path(_ session: AttendedSession) -> String {
        "/training/classes/\(session.classNumber)/sessions/\(session.number)/sheet"
    }

    private func show(
        _ request: Request, _ context: KitContext, faults: [LocalizedText]
    ) async throws -> Response {
        let words = app.site.words(context)
        let session = try await AttendancePages.session(context, app)
        let entries = try await app.attendance.list(of: session).filter(\.isSeated)
        var page = Page(
            "attendance-sheet", title: words("attend.sheet.title", ["class": session.classTitle]),
            lead: AttendancePages.lead(session, words), place: "attendance")
        page.crumbs = AttendancePages.crumbs(session, words, list: true)
        page.addressAfterPost = path(session)
        page.fields = Self.table(session, entries, words).fields()
        page.fields["number"] = words("attend.sheet.number", ["n": "\(session.number)"])
        page.fields["action"] = path(session)
        page.fields["csvHref"] = path(session) + ".csv"
        page.faults = Self.faults(faults)
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    /// At most thirty of them, and how many more there are.
    static func faults(_ faults: [LocalizedText]) -> [FieldFault] {
        var shown = faults.prefix(30).map { FieldFault(field: "file", message: $0) }
        if faults.count > 30 {
            let more = faults.count - 30
            shown.append(
                FieldFault(field: "file", message: LocalizedText(zh: "还有 \(more) 处。", en: "\(more) more.")))
        }
        return shown
    }

    private static func table(_ session: AttendedSession, _ entries: [AttendanceEntry], _ words: Words) -> Table {
        Table(
            caption: words["attend.list.title"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.enrollment"], isShort: true),
                .init(words["attend.state"], isShort: true), .init(words["attend.reason"]),
                .init(words["attend.sheet.signature"]),
            ],
            rows: entries.map { entry in
                [
                    .init(entry.name), .init("\(entry.enrollment)"), .init(entry.state.map { words[$0.title] } ?? ""),
                    .init(entry.reason), .init(""),
                ]
            },
            emptiness: words["attend.list.empty"])
    }

    private func csv(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let session = try await AttendancePages.session(context, app)
        let entries = try await app.attendance.list(of: session).filter(\.isSeated)
        var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(AttendanceSheet.header)
        for entry in entries {
            writer.append([
                "\(session.number)", "\(entry.enrollment)", PersonName.masked(entry.name),
                entry.state.map { words[$0.title] } ?? "", entry.reason,
            ])
        }
        return Self.download(writer.bytes, name: "attendance-\(session.number).csv")
    }

    static func download(_ bytes: [UInt8], name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name)\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Reads the one file of an upload; what cannot be read throws an `UploadedSheet.Fault`.
    static func sheet(
        _ request: Request, _ context: KitContext, folder: String, columns: [String: [String]], required: [String]
    ) async throws -> UploadedSheet {
        let reader = UploadReader(folder: folder, sizeLimit: 2 << 20, fileLimit: 1)
        let upload = try await reader.read(request, context)
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        guard let file = upload.files.first, file.bytes > 0 else {
            throw UploadedSheet.Fault("请先选择要导入的文件。", "Choose the file first.")
        }
        return try await NIOThreadPool.singleton.runIfActive {
            try UploadedSheet(path: file.path, name: file.name, columns: columns, required: required)
        }
    }

    private func take(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let session = try await AttendancePages.session(context, app)
        let outcomes: [AttendanceSheet.Outcome]?
        do {
            let sheet = try await Self.sheet(
                request, context, folder: "\(app.store.folder)/incoming", columns: AttendanceSheet.columns,
                required: ["session", "state"])
            outcomes = try await app.attendance.take(
                sheet, session: session.number, ofClass: session.classNumber, by: app.acting(context))
        } catch let fault as UploadedSheet.Fault {
            return try await show(request, context, faults: [fault.explanation])
        } catch let refusal as AttendanceSheet.Refusal {
            return try await show(request, context, faults: refusal.faults.map(\.explanation))
        } catch let refusal as AttendanceRefusal {
            return try await show(request, context, faults: [refusal.explanation])
        }
        var page = Page(
            "attendance-taken", title: words["attend.taken.title"], lead: AttendancePages.lead(session, words),
            place: "attendance")
        page.crumbs = AttendancePages.crumbs(session, words, list: true)
        page.addressAfterPost = path(session)
        if let outcomes {
            page.fields = Self.report(outcomes, words).fields()
            let changed = outcomes.filter { $0.kind == .entered || $0.kind == .replaced }.count
            page.notice = words("attend.taken.done", ["rows": "\(outcomes.count)", "n": "\(changed)"])
        } else {
            page.fields["emptiness"] = words["attend.taken.again"]
        }
        page.fields["listHref"] = AttendancePages.path(session.classNumber, session.number)
        return app.site.page(page, request, context)
    }

    private static func report(_ outcomes: [AttendanceSheet.Outcome], _ words: Words) -> Table {
        Table(
            caption: words["attend.taken.title"],
            columns: [
                .init(words["attend.learner"]), .init(words["attend.taken.line"], isFigure: true),
                .init(words["attend.state"], isShort: true), .init(words["attend.taken.outcome"]),
            ],
            rows: outcomes.map { outcome in
                [
                    .init(outcome.name), .figure(outcome.line), .init(outcome.state.map { words[$0.title] } ?? ""),
                    .init(words["attend.taken.\(outcome.kind.rawValue)"]),
                ]
            })
    }
}
