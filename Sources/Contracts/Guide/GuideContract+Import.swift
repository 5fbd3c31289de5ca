import SocialDomain

/// The catalogue from files and into files, for operators.
extension GuideContract {
    package static let importPage = EndpointDescription.page(
        .get, "/guide/import", id: "showImport", tag: "import", access: operating, "导入事项", "Import items")
    package static let importFile: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, "/guide/import", id: "importFile", tag: "import", access: operating, "导入一个文件", "Imports a file")
        page.body = .upload(field: "file")
        page.bodyLimit = 64 << 20
        return page
    }()
    package static let exportCSV = EndpointDescription.bytes(
        "text/csv", "/guide/export/items.csv", id: "exportCSV", tag: "import", access: viewing, "导出为 CSV",
        "Every item as CSV")
    package static let exportXLSX = EndpointDescription.bytes(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "/guide/export/items.xlsx",
        id: "exportXLSX", tag: "import", access: viewing, "导出为 XLSX", "Every item as XLSX")
    package static let exportJSONLines = EndpointDescription.bytes(
        "application/x-ndjson", "/guide/export/items.jsonl", id: "exportJSONLines", tag: "import", access: viewing,
        "导出为 JSON Lines", "Every item as JSON Lines")

    package static var importing: [EndpointDescription] {
        [importPage, importFile, exportCSV, exportXLSX, exportJSONLines]
    }
}
