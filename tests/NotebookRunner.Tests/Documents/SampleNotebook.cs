using System.Text.Json.Nodes;

namespace NotebookRunner.Tests.Documents;

/// <summary>A small valid notebook with a bit of everything that the format has.</summary>
internal static class SampleNotebook
{
    internal static JsonObject Rich() => (JsonObject)JsonNode.Parse(
        """
        {
          "cells": [
            {
              "attachments": { "a.png": { "image/png": "iVBORw0KGgo=" } },
              "cell_type": "markdown", "id": "intro", "metadata": { "tags": [ "intro" ] },
              "source": [
                "# Title $x^2$\n", "\n", "![a](attachment:a.png) [link](a.ipynb#part) `code` 😀\n", "\n", "## Part\n", "\n",
                "| a | b |\n", "|---|---|\n", "| 1 | 2 |"
              ]
            },
            {
              "cell_type": "code", "execution_count": 1, "id": "parameters",
              "metadata": { "tags": [ "parameters" ], "collapsed": false, "scrolled": "auto" },
              "outputs": [], "source": [ "var epochs = 2;\n", "var rate = 0.1;" ]
            },
            {
              "cell_type": "code", "execution_count": 2, "id": "outputs",
              "metadata": { "polyglot_notebook": { "kernelName": "csharp" }, "execution": { "iopub.status.busy": "2026" } },
              "outputs": [
                { "name": "stdout", "output_type": "stream", "text": [ "one\n", "\u001b[31mtwo\u001b[0m" ] },
                {
                  "data": {
                    "text/html": [ "<b>bold</b><script>x()</script>" ], "text/plain": "bold",
                    "application/vnd.convnet-workbook.headline+json": { "name": "Accuracy", "value": "99 %" }
                  },
                  "metadata": {}, "output_type": "display_data"
                },
                {
                  "data": {
                    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>", "image/png": "iVBORw0KGgo=",
                    "text/latex": "$\\frac{1}{2}$", "text/markdown": "*a*"
                  },
                  "execution_count": 2, "metadata": { "isolated": true }, "output_type": "execute_result"
                },
                { "ename": "Exception", "evalue": "oh", "output_type": "error", "traceback": [ "at a", "at b" ] }
              ],
              "source": [ "display(1);\n", "#r \"nuget: Some, 1.0.0\"" ]
            },
            {
              "cell_type": "raw", "id": "raw",
              "metadata": { "format": "text/html", "jupyter": { "source_hidden": true }, "name": "raw" }, "source": "raw"
            }
          ],
          "metadata": {
            "convnet_workbook": { "data": "MNIST", "profile": "full", "seed": 42, "source_sha256": "0" },
            "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
            "language_info": { "name": "csharp", "codemirror_mode": { "name": "x" }, "file_extension": ".cs" },
            "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "csharp", "items": [ { "aliases": [], "name": "csharp" } ] } },
            "title": "A", "authors": [], "orig_nbformat": 4
          },
          "nbformat": 4,
          "nbformat_minor": 5
        }
        """)!;
}
