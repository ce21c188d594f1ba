import MNNCV
import MNNExpr
import MNNGraph
import Testing

let goldenShapes: [String: GoldenFunction] = [
  "findContours": { g, i in
    let (contours, hierarchy) = try cv.findContours(i[0], g.choice("mode"), g.choice("method"), offset: (2, -1))
    let lists = try contours.map { try $0.scalars(as: Int32.self) }
    let all = lists.flatMap { $0 }
    return [Variable(all, shape: [all.count / 2, 2]), Variable(lists.map { Int32($0.count / 2) }), hierarchy]
  },
  "connectedComponentsWithStats": { g, i in
    let result = try cv.connectedComponentsWithStats(i[0], connectivity: g.integer("connectivity") ?? 8)
    return [result.labels, result.stats, result.centroids]
  },
  "moments": { _, i in
    let m = try cv.moments(i[0])
    return [
      Variable([
        m.m00, m.m10, m.m01, m.m20, m.m11, m.m02, m.m30, m.m21, m.m12, m.m03, m.mu20, m.mu11, m.mu02, m.mu30, m.mu21, m.mu12,
        m.mu03,
        m.nu20, m.nu11, m.nu02, m.nu30, m.nu21, m.nu12, m.nu03,
      ])
    ]
  },
  "boundingRect": { _, i in
    let box = try cv.boundingRect(i[0])
    return [Variable([box.x, box.y, box.width, box.height].map { Int32($0) })]
  },
  "arcLength": { g, i in [Variable(try Tensor(cv.arcLength(i[0], g.integer("closed") == 1)))] },
  "contourArea": { g, i in [Variable(try Tensor(cv.contourArea(i[0], oriented: g.integer("oriented") == 1)))] },
  "convexHull": { g, i in
    [try cv.convexHull(i[0], clockwise: g.integer("clockwise") == 1, returnPoints: g.integer("places") == nil)]
  },
  "minAreaRect": { _, i in [try cv.boxPoints(cv.minAreaRect(i[0]))] },
  "boxPoints": { g, _ in
    let (center, size) = (try g.point("center"), try g.point("size"))
    return [try cv.boxPoints(RotatedRect(center: center, size: size, angle: g.number("angle") ?? 0))]
  },
  "approxPolyDP": { g, i in [try cv.approxPolyDP(i[0], g.number("epsilon") ?? 0, g.integer("closed") == 1)] },
  "pointPolygonTest": { g, i in
    [Variable(try Tensor(cv.pointPolygonTest(i[0], g.point("point"), g.integer("measured") == 1)))]
  },
  "fitLine": { g, i in
    let line = try cv.fitLine(i[0], g.choice("kind"), 0, 1e-6, 1e-6)
    guard g.word("kind") != "l2" else { return [line] }
    let v = try line.scalars(as: Float.self)
    return [Variable([v[0], v[1], v[2] * v[1] - v[3] * v[0]])]
  },
  "fitEllipse": { _, i in
    let box = try cv.fitEllipse(i[0])
    return [Variable([box.center.x, box.center.y, box.size.width, box.size.height, box.angle].map { Float($0) })]
  },
  "line": { g, i in
    [
      try cv.line(
        i[0], g.pair("pt1"), g.pair("pt2"), g.list("color") ?? [], thickness: g.integer("thickness") ?? 1,
        lineType: g.word("type") == nil ? .connected8 : g.choice("type"))
    ]
  },
  "arrowedLine": { g, i in
    [try cv.arrowedLine(i[0], g.pair("pt1"), g.pair("pt2"), g.list("color") ?? [], tipLength: g.number("tipLength") ?? 0.1)]
  },
  "rectangle": { g, i in
    [try cv.rectangle(i[0], g.pair("pt1"), g.pair("pt2"), g.list("color") ?? [], thickness: g.integer("thickness") ?? 1)]
  },
  "circle": { g, i in
    [
      try cv.circle(
        i[0], g.pair("center"), g.integer("radius") ?? 0, g.list("color") ?? [], thickness: g.integer("thickness") ?? 1)
    ]
  },
  "fillPoly": { g, i in [try cv.fillPoly(i[0], [i[1]], g.list("color") ?? [])] },
  "drawContours": { g, i in
    [try cv.drawContours(i[0], [i[1]], -1, g.list("color") ?? [], thickness: g.integer("thickness") ?? 1)]
  },
]
