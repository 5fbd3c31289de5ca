/// Door plates (门牌): the page behind each, and the work of those who look after them.
extension GuideContract {
    private static let keeping = Access.roles(["operator", "editor", "reviewer"], service: "guide")
    private static let code = Parameter.path(
        "code", .text("门牌编码", "The plate's code", from: 1, to: 60, example: "7KM4QXC2"))
    private static let form: [Schema.Property] = [
        "name", "kind", "trade", "address", "division", "longitude", "latitude", "helper", "phone", "version",
    ].map { .optional($0, .words("门牌的一项内容", "A part of what the plate says")) }

    package static let platePage = EndpointDescription.page(
        .get, "/guide/d/{code}", id: "showPlate", tag: "pages", access: .open, "扫码看到的页面", "The page behind a plate",
        parameters: [code])
    package static let plate = Endpoint<PlateReference, NoBody, PlateRecord>(
        .get, "/guide/v1/plates/{code}", id: "getPlate", tag: "plates", access: .open, "一块门牌", "One plate")

    package static let plates = EndpointDescription.page(
        .get, "/guide/manage/plates", id: "showPlates", tag: "plates", access: viewing, "门牌", "The plates",
        parameters: ["q", "kind", "state", "after"].map { .query($0, .words("筛选", "A filter")) })
    package static let newPlate = EndpointDescription.page(
        .get, "/guide/manage/plates/new", id: "showNewPlate", tag: "plates", access: keeping, "新门牌", "A new plate")
    package static let makePlate = EndpointDescription.page(
        .post, "/guide/manage/plates/new", id: "makePlate", tag: "plates", access: keeping, "新做一块门牌", "Make a plate",
        form: form, leadsOn: true)
    package static let importPlates: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, "/guide/manage/plates/import", id: "importPlates", tag: "plates", access: keeping, "批量做门牌",
            "Make many plates from a CSV file", leadsOn: true)
        page.body = .upload(field: "file")
        page.bodyLimit = 4 << 20
        return page
    }()
    package static let plateForm = EndpointDescription.bytes(
        "text/csv", "/guide/manage/plates/form.csv", id: "getPlateForm", tag: "plates", access: keeping, "批量导入的样表",
        "An empty file for the import")
    package static let plateSheet = EndpointDescription.page(
        .get, "/guide/manage/plates/sheet", id: "showPlateSheet", tag: "plates", access: viewing, "打印门牌",
        "Plates to print",
        parameters: ["codes", "size", "q", "kind", "state"].map {
            .query($0, .words("哪些门牌、哪种纸", "Which plates, which paper"))
        })
    package static let onePlate = EndpointDescription.page(
        .get, "/guide/manage/plates/{code}", id: "showOnePlate", tag: "plates", access: viewing, "一块门牌", "One plate",
        parameters: [code])
    package static let editPlate = EndpointDescription.page(
        .post, "/guide/manage/plates/{code}", id: "editPlate", tag: "plates", access: keeping, "更正门牌内容",
        "Put right what a plate says", parameters: [code], form: form, leadsOn: true)
    package static let movePlate = EndpointDescription.page(
        .post, "/guide/manage/plates/{code}/move", id: "movePlate", tag: "plates", access: keeping, "搬迁",
        "The place has moved", parameters: [code], form: form, leadsOn: true)
    package static let replacePlate = EndpointDescription.page(
        .post, "/guide/manage/plates/{code}/replace", id: "replacePlate", tag: "plates", access: keeping, "换新牌",
        "A new plate for the same place", parameters: [code], leadsOn: true)
    package static let retirePlate = EndpointDescription.page(
        .post, "/guide/manage/plates/{code}/retire", id: "retirePlate", tag: "plates", access: keeping, "停用",
        "The place is closed", parameters: [code], leadsOn: true)
    package static let plateSVG = EndpointDescription.bytes(
        "image/svg+xml", "/guide/manage/plates/{code}/qr.svg", id: "getPlateSVG", tag: "plates", access: viewing,
        "二维码（SVG）", "Its QR code as SVG", parameters: [code])
    package static let platePNG = EndpointDescription.bytes(
        "image/png", "/guide/manage/plates/{code}/qr.png", id: "getPlatePNG", tag: "plates", access: viewing,
        "二维码（PNG）", "Its QR code as PNG", parameters: [code])

    package static var plateRoutes: [EndpointDescription] {
        [
            platePage, plate.description, plates, newPlate, makePlate, importPlates, plateForm, plateSheet, onePlate,
            editPlate, movePlate, replacePlate, retirePlate, plateSVG, platePNG,
        ]
    }
}

package struct PlateReference: APIParameters, Hashable {
    package let code: String

    package static let parameters: [Parameter] = [
        .path("code", .text("门牌编码", "The plate's code", from: 1, to: 60, example: "7KM4QXC2"))
    ]
}

/// What a plate says.
package struct PlateRecord: APIBody, Hashable {
    package let code: String
    package let kind: String
    package let name: String
    package let trade: String
    package let address: String
    package let division: String
    package let state: String
    package let successor: String?

    package init(
        code: String, kind: String, name: String, trade: String, address: String, division: String, state: String,
        successor: String?
    ) {
        self.code = code
        self.kind = kind
        self.name = name
        self.trade = trade
        self.address = address
        self.division = division
        self.state = state
        self.successor = successor
    }

    package static let schema = Schema.object(
        "Plate", "一块门牌", "A plate at a door",
        [
            .init("code", .text("编码", "Its code", to: 8)),
            .init("kind", .choice(["shop", "hall", "village"], "类别", "The kind of place")),
            .init("name", .text("名称", "The place's name", to: 100)),
            .init("trade", .text("行业", "Its trade in everyday words", to: 100)),
            .init("address", .text("地址", "Its address", to: 100)),
            .init("division", .text("区划代码", "Its division's code", to: 12)),
            .init("state", .choice(["active", "moved", "replaced", "retired"], "状态", "Whether it is in use")),
            .optional("successor", .text("接替的门牌", "The plate that stands for it now", to: 8)),
        ])
}
