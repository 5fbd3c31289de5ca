import SocialDomain

/// The half-year table.
extension TrainingContract {
    private static let half = Parameter.query("half", .words("哪个半年，如 2026-1", "Which half year, 2026-1"))

    package static let figuresPage = EndpointDescription.page(
        .get, "/training/figures", id: "showFigures", tag: "figures", access: viewing, "培训统计", "Figures of training",
        parameters: [half])
    package static let figuresExport = EndpointDescription.bytes(
        "text/csv", "/training/figures.csv", id: "getFiguresCSV", tag: "figures", access: viewing, "导出统计",
        "The figures as CSV", parameters: [half])

    package static var figureRoutes: [EndpointDescription] { [figuresPage, figuresExport] }
}
