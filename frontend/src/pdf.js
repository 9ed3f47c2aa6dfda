import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs'
import { startViewer } from '../../static/js/pdf_viewer.js'

document.querySelectorAll('[data-viewer]').forEach((viewer) => startViewer(viewer, pdfjs))
