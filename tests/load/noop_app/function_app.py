"""A function that does nothing: the bare rate of the host, to which accepting is related."""

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("noop", methods=["POST"])
async def noop(req: func.HttpRequest) -> func.HttpResponse:
    """Answer."""
    return func.HttpResponse(b"{}", mimetype="application/json")
