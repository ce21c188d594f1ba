"""One measurement of another engine, in a process of its own: see `Scripts/bench/peers`.

    peer_engines.py ENGINE FOLDER WORK THREADS SECONDS INPUT.npy…

WORK keeps what an engine makes of the model. The result is one line that begins with MARK. Importing this gives the engines' names.
"""
import json
import os
import pathlib
import resource
import sys
import time

MARK = "measured "
ENGINES = ("onnxruntime", "ort_dynint8", "openvino", "openvino_bf16", "mnn")


def onnxruntime_session(folder, work, threads, feeds, quantized):
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    model = folder / "model.onnx"
    if quantized:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        small = work / f"{folder.name}-ort.onnx"
        if not small.exists():
            products = ["MatMul", "Gemm", "Attention", "LSTM"]
            quantize_dynamic(model, small, weight_type=QuantType.QInt8, op_types_to_quantize=products)
        model = small
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    named = {node.name: feed for node, feed in zip(session.get_inputs(), feeds)}
    return lambda: session.run(None, named)


def openvino_request(folder, threads, feeds, precision):
    import openvino

    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1,
                "INFERENCE_PRECISION_HINT": precision}
    compiled = openvino.Core().compile_model(str(folder / "model.onnx"), "CPU", settings)
    request, numbered = compiled.create_infer_request(), dict(enumerate(feeds))
    return lambda: request.infer(numbered, share_inputs=True)


def mnn_module(folder, work, threads, feeds):
    import onnx
    import numpy
    import MNN.expr
    import MNN.nn

    model = work / f"{folder.name}-mnn.mnn"
    if not model.exists():
        from _tools import mnnconvert

        mnnconvert(["", "-f", "ONNX", "--modelFile", str(folder / "model.onnx"), "--MNNModel", str(model), "--bizCode", "peers"])
    graph = onnx.load(folder / "model.onnx", load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    names = [value.name for value in graph.input if value.name not in constants]
    runtime = MNN.nn.create_runtime_manager(({"backend": 0, "numThread": threads, "precision": 0, "memory": 0, "power": 0},))
    net = MNN.nn.load_module_from_file(
        str(model), names, [value.name for value in graph.output], runtime_manager=runtime, shape_mutable=False)

    def variable(array):
        whole = array.dtype.kind in "iub"
        values = numpy.ascontiguousarray(array.astype(numpy.int32) if whole else array)
        kind = MNN.expr.int if whole else MNN.expr.float
        return MNN.expr.const(values, list(array.shape), MNN.expr.NCHW, kind)

    variables = [variable(feed) for feed in feeds]

    def run():
        for output in net.forward(variables):
            output.read()

    return run


def main():
    engine, folder, work, threads, seconds = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
    import numpy

    feeds = [numpy.load(file) for file in sys.argv[6:]]
    start = time.perf_counter()
    if engine in ("onnxruntime", "ort_dynint8"):
        run = onnxruntime_session(folder, work, threads, feeds, engine == "ort_dynint8")
    elif engine in ("openvino", "openvino_bf16"):
        run = openvino_request(folder, threads, feeds, "f32" if engine == "openvino" else "bf16")
    else:
        run = mnn_module(folder, work, threads, feeds)
    run()
    load = (time.perf_counter() - start) * 1000
    for _ in range(3):
        run()
    times, begin, used = [], time.perf_counter(), time.process_time()
    while time.perf_counter() - begin < seconds or len(times) < 5:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    share = (time.process_time() - used) / (time.perf_counter() - begin)
    times.sort()
    print(MARK + json.dumps({
        "median": times[len(times) // 2], "p99": times[min(len(times) - 1, len(times) * 99 // 100)], "load": load,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "cpu": share}), flush=True)
    os._exit(0)  # some engines take seconds to say goodbye


if __name__ == "__main__":
    main()
