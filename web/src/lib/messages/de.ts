import type { Translation } from '@/lib/catalogue';
import type { en } from '@/lib/messages/en';

/** The user-interface messages in German. */
export const de: Translation<typeof en> = {
  brand: 'deepsky',
  title: 'Was zeigt dein Himmelsbild?',
  windowTitle: 'deepsky: {title}',
  lead: 'Eine Galaxie, ein Nebel, ein Sternhaufen oder kein Deep-Sky-Objekt? Du siehst, was das Modell antwortet, wie sicher es ist und auf welche Bildbereiche es sich stützt.',

  drop: {
    action: 'Bilder auswählen',
    folder: 'Ordner auswählen',
    photo: 'Foto aufnehmen',
    hint: 'oder Bilder auf diese Seite ziehen oder einfügen',
    formats: 'FITS, XISF, Kamera-Raw, TIFF, JPEG, PNG, HEIC und weitere',
    release: 'Zum Klassifizieren loslassen',
    skipped:
      '{count, plural, one {# Datei wurde übersprungen, weil sie kein Bild in einem unterstützten Format ist: {names}.} other {# Dateien wurden übersprungen, weil sie keine Bilder in einem unterstützten Format sind: {names}.}}',
    unreadable:
      '{count, plural, one {Dieser Browser kann {names} nicht lesen. Prüfe, ob du darauf zugreifen darfst, und zieh den Ordner oder die Datei noch einmal hierher.} other {Dieser Browser kann {names} nicht lesen. Prüfe, ob du darauf zugreifen darfst, und zieh sie noch einmal hierher.}}',
    more: '{count, number} weitere',
  },
  upload: {
    originals: 'Originale senden',
    originalsExplained:
      'Wenn dies ausgeschaltet ist, werden große Fotos vor dem Senden auf {pixels} Pixel verkleinert, was schneller geht. FITS-, Kamera-Raw- und 16-Bit-Bilder werden immer unverändert gesendet.',
    scaled: '{name}: vor dem Senden von {original} auf {sent} verkleinert',
    tooLarge:
      '{name} hat {size}, dieser Server nimmt aber höchstens {limit} pro Bild an; die Datei wurde deshalb nicht gesendet. Verkleinere das Bild oder komprimiere die Datei.',
    tooLargeOriginal:
      '{name} hat {size}, dieser Server nimmt aber höchstens {limit} pro Bild an; die Datei wurde deshalb nicht gesendet. Schalte „Originale senden“ aus und wähle das Bild noch einmal; es wird dann verkleinert.',
  },
  samples: {
    title: 'Oder probiere ein Beispielbild aus',
    name: 'Beispielbild {number}',
    trained:
      'Die mitgelieferten Modelle wurden mit einem Bild dieses Objekts trainiert. Die Antwort sagt deshalb wenig darüber, wie gut sie sind.',
    creditsTitle: 'Bildnachweise',
    credit: '{title}: {credit} ({licence})',
  },

  progress: {
    classifying: 'Wird klassifiziert …',
    waiting: 'Wartet …',
    uploaded: '{percentage} hochgeladen',
    paused: 'Der Server ist ausgelastet. Die Klassifizierung wird automatisch fortgesetzt.',
    cancel: 'Abbrechen',
  },
  images: {
    title: 'Deine Bilder',
    started: '{count, number} Bilder werden klassifiziert.',
    done: '{done, number} von {count, number} fertig',
    summary: '{count, number} Bilder: {parts}.',
    labels: {
      galaxy: '{count, plural, one {# Galaxie} other {# Galaxien}}',
      nebula: '{count, number} Nebel',
      star_cluster: '{count, number} Sternhaufen',
      other: '{count, number} ohne Deep-Sky-Objekt',
    },
    agree: 'bei {count, number} sind sich die Modelle einig',
    differ: 'bei {count, number} nicht',
    onlyDiffer: 'bei {count, number} sind sich die Modelle nicht einig',
    unreadable:
      '{count, plural, one {# konnte nicht gelesen werden} other {# konnten nicht gelesen werden}}',
    notSent:
      '{count, plural, one {# konnte nicht gesendet werden} other {# konnten nicht gesendet werden}}',
    hint: 'Öffne ein Bild, um die Begründung zu sehen und eine Rückmeldung zu geben.',
    modelsDiffer: 'Modelle uneinig',
    failed: 'Keine Antwort',
    added: 'Wie hinzugefügt',
    add: 'Bilder hinzufügen',
    retry: 'Erneut versuchen',
    cancelRest: 'Rest abbrechen',
    clear: 'Liste leeren',
    remove: '{name} aus der Liste entfernen',
    back: 'Alle Bilder',
    position: '{position, number} von {count, number}',
    previous: 'Zurück',
    next: 'Weiter',
  },
  another: 'Anderes Bild',
  more: 'Mehr',
  retry: 'Erneut versuchen',
  result: 'Antwort',
  imageAlt: 'Bild {name}',
  noPreview: 'Keine Vorschau verfügbar.',
  imageFailed: 'Das Bild konnte nicht geladen werden.',
  previewLater: 'Die Vorschau erscheint, sobald der Server das Bild gelesen hat.',

  labels: {
    galaxy: 'Galaxie',
    nebula: 'Nebel',
    star_cluster: 'Sternhaufen',
    other: 'Kein Deep-Sky-Objekt',
  },
  nouns: {
    galaxy: 'eine Galaxie',
    nebula: 'ein Nebel',
    star_cluster: 'ein Sternhaufen',
    other: 'kein Deep-Sky-Objekt',
  },

  verdicts: {
    confident: 'Sicher',
    unsure: 'Unsicher',
    unfamiliar: 'Unbekannt',
  },
  certainty: {
    almostCertain: 'so gut wie sicher',
    verySure: 'sehr sicher',
    sure: 'sicher',
    fairlySure: 'ziemlich sicher',
    undecided: 'unentschieden',
  },
  perhaps: 'Vielleicht {noun}',
  explained: {
    confident: 'Alle anderen Klassen sind unwahrscheinlich.',
    unsureOfOne:
      'Die anderen Klassen sind unwahrscheinlich, aber das Modell ist nicht sicher genug: Ähnliche Antworten sind manchmal falsch.',
    unsureOfTwo: 'Das Modell kann sich zwischen diesen beiden Klassen nicht entscheiden.',
    unsure: 'Nicht sicher genug. Ebenfalls möglich: {others}.',
    unsureOfAny:
      'Keine Klasse ist wahrscheinlich genug: Das Modell ist sich bei diesem Bild unsicherer als bei fast allen Bildern bekannter Klassen.',
    nebulaWithCluster: 'Viele Nebel enthalten einen Sternhaufen, daher kann beides richtig sein.',
    unfamiliar:
      'Dieses Bild unterscheidet sich stark von den Bildern, mit denen das Modell trainiert wurde. Verlass dich nicht auf die Antwort. Vielleicht zeigt das Bild etwas, das das Modell noch nie gesehen hat.',
  },
  probabilities: 'Wahrscheinlichkeit jeder Klasse',

  object: {
    title: 'Welches Objekt',
    show: 'Objekte anzeigen',
    outlines: 'Umrisse der Objekte im Bildfeld: {names}',

    starNouns: { star: 'ein Stern', 'double star': 'ein Doppelstern', asterism: 'ein Sternmuster' },
    probably: 'Wahrscheinlich {noun}',
    explained: {
      says: {
        header: 'So steht es im Header der Datei',
        'file name': 'So steht es im Dateinamen',
        position: 'Das ergibt sich aus der Himmelsposition',
      },
      confident: '{source}, und das Modell ist sich {certainty}: {noun}.',
      unsure: '{source}. Das Modell stimmt zu, ist aber nicht sicher.',
      unfamiliar:
        '{source}. Das Modell stimmt zu, aber das Bild ähnelt nicht denen, mit denen es trainiert wurde.',
      undecided: '{source}. Das Modell allein sagt: {noun} ({probability}).',
    },
    seen: {
      galaxy: 'eine Galaxie',
      nebula: 'einen Nebel',
      star_cluster: 'einen Sternhaufen',
      other: 'kein Deep-Sky-Objekt',
    },
    difference: {
      claim: {
        header: 'Im Header der Datei steht {name} ({kind})',
        'file name': 'Der Dateiname nennt {name} ({kind})',
        position: 'Das Bildfeld liegt bei {name} ({kind})',
      },
      named: {
        header: 'Im Header der Datei steht {name}',
        'file name': 'Der Dateiname nennt {name}',
        position: 'Das Bildfeld liegt bei {name}',
      },
      differs: '{claim}, aber das Modell sieht {seen} ({probability}).',
      fileNameDiffers: '{says}, aber der Dateiname nennt {other}.',
      placeDiffers: '{says}, aber das Bildfeld liegt bei {place}.',
    },
    kinds: {
      'spiral galaxy': 'Spiralgalaxie',
      'elliptical galaxy': 'elliptische Galaxie',
      'lenticular galaxy': 'linsenförmige Galaxie',
      'irregular galaxy': 'irreguläre Galaxie',
      galaxy: 'Galaxie',
      'galaxy group': 'Galaxiengruppe',
      'emission nebula': 'Emissionsnebel',
      'reflection nebula': 'Reflexionsnebel',
      'planetary nebula': 'planetarischer Nebel',
      'dark nebula': 'Dunkelnebel',
      'supernova remnant': 'Supernova-Überrest',
      nebula: 'Nebel',
      'open cluster': 'offener Sternhaufen',
      'globular cluster': 'Kugelsternhaufen',
      'star cluster': 'Sternhaufen',
      'cluster with nebula': 'Sternhaufen mit Nebel',
      star: 'Stern',
      'double star': 'Doppelstern',
      asterism: 'Sternmuster',
      unknown: 'unbekannter Art',
    },
    otherKinds: {
      'Milky Way': 'die Milchstraße',
      'star field': 'ein Sternfeld',
      'star trails': 'Strichspuren von Sternen',
      meteor: 'ein Meteor',
      'aurora or landscape': 'ein Polarlicht oder eine Landschaft',
      comet: 'ein Komet',
      asteroid: 'ein Asteroid',
      Moon: 'der Mond',
      planet: 'ein Planet',
      Sun: 'die Sonne',
      'chart or screenshot': 'eine Karte oder ein Bildschirmfoto',
      equipment: 'Ausrüstung',
      'everyday picture': 'ein Alltagsbild',
    },
    seenKind: {
      probably: 'Art: wahrscheinlich {kind} ({probability}), allein nach dem Bild.',
      somethingElse: 'Etwas anderes: wahrscheinlich {kind} ({probability}).',
      unsure: 'Art: unsicher.',
    },
    meaning: {
      'spiral galaxy':
        'Eine flache Scheibe aus Milliarden Sternen mit Spiralarmen, wie unsere Milchstraße.',
      'elliptical galaxy':
        'Eine runde oder ovale Wolke aus Milliarden alter Sterne, mit wenig Gas.',
      'lenticular galaxy': 'Eine Scheibe aus Milliarden Sternen ohne Spiralarme.',
      'irregular galaxy': 'Viele Millionen Sterne ohne regelmäßige Form.',
      galaxy: 'Milliarden Sterne, weit außerhalb unserer Milchstraße.',
      'galaxy group': 'Mehrere Galaxien nahe beieinander.',
      'emission nebula': 'Eine Gaswolke, die von heißen Sternen zum Leuchten gebracht wird.',
      'reflection nebula': 'Eine Staubwolke, die das Licht naher Sterne zurückwirft.',
      'planetary nebula':
        'Leuchtendes Gas, das ein sterbender Stern abgestoßen hat. Mit Planeten hat es nichts zu tun.',
      'dark nebula': 'Eine Staubwolke, die das Licht hinter ihr verdeckt.',
      'supernova remnant': 'Was von einem explodierten Stern übrig ist.',
      nebula: 'Eine Wolke aus Gas oder Staub zwischen den Sternen.',
      'open cluster':
        'Eine Gruppe gemeinsam entstandener Sterne in der Scheibe unserer Milchstraße.',
      'globular cluster': 'Eine Kugel aus vielen Tausend sehr alten Sternen.',
      'star cluster': 'Sterne, die zusammengehören.',
      'cluster with nebula': 'Junge Sterne mit der Gaswolke, aus der sie entstanden sind.',
    },
    distance: 'etwa {number} Lichtjahre',
    millions: '{number} Millionen',
    discovered: {
      antiquity: 'der Antike',
      by: '{year} ({name})',
      before: 'spätestens {year} ({name})',
    },
    facts: {
      name: 'Bezeichnung',
      commonName: 'Name',
      kind: 'Art',
      distance: 'Entfernung',
      discovered: 'Bekannt seit',
      constellation: 'Sternbild',
      size: 'Größe',
      magnitude: 'Helligkeit (mag)',
      position: 'Koordinaten (J2000)',
      centre: 'Mitte des Bildfelds (J2000)',
      field: 'Bildfeld',
      foundBy: 'Gefunden durch',
      placedBy: 'Himmelsposition aus',
    },
    foundBy: {
      header: 'den Namen im Header der Datei',
      'file name': 'den Namen im Dateinamen',
      position: 'die Himmelsposition',
    },
    placedBy: { header: 'Koordinaten in der Datei', avm: 'Koordinaten in der Datei (AVM)' },
    solvedBy: 'Astrometrie ({engine})',
    times: '{one} × {other}',
    fieldValue: '{size}, {scale} pro Pixel',
    noneFits: 'Kein Objekt des Katalogs passt zu diesem Bildfeld.',
    notPlaced:
      'Die Himmelsposition dieses Bildes ist noch nicht bekannt: Die Datei enthält weder Koordinaten noch den Namen eines Objekts.',
    place: {
      find: 'Himmelsposition bestimmen',
      searching:
        'Die Sterne werden mit einem Sternindex verglichen. Das kann eine halbe Minute dauern …',
      failed: 'Die Suche ist fehlgeschlagen. {reason}',
      notFound: 'Die Himmelsposition wurde nicht gefunden: {reason}.',
      reasons: {
        'no engine installed': 'auf dem Server ist kein Programm zur Astrometrie installiert',
        'too few stars': 'das Bild zeigt zu wenige Sterne',
        'no match': 'die Sterne passen zu keinem Teil des Sternindex',
        'time limit': 'die Suche hat zu lange gedauert',
        'scale contradicts the header': 'das Ergebnis widerspricht dem Maßstab im Header der Datei',
        'engine failed': 'das Programm zur Astrometrie ist fehlgeschlagen',
        cancelled: 'die Suche wurde abgebrochen',
      },
    },
    inField: '{count, plural, one {# Objekt im Bildfeld} other {# Objekte im Bildfeld}}',
    links: 'Nachschlagen',
    linksNote:
      'Öffnet eine andere Website. Sie erhält den Namen oder die Koordinaten, nicht das Bild.',
    chart: {
      place: 'Im Sternbild {constellation}',
      somewhere: 'Himmelsposition',
      described: 'Karte des ganzen Himmels. {place}: Rektaszension {ra}, Deklination {dec}.',
      explained:
        'Der ganze Himmel mit seinen hellen Sternen und der Milchstraße. Norden ist oben, Osten links.',
    },
  },

  evidence: {
    why: 'Warum?',
    hold: 'Halten: ohne Linien',
    explained:
      'Die Bildbereiche innerhalb der Linien sprechen für „{label}“, je dicker die Linie, desto stärker. Ohne Linien spricht nichts im Bild dafür.',
    failed: 'Die Begründung konnte nicht geladen werden.',
    alt: 'Begründung für: {label}',
    label: 'Begründung anzeigen für',
  },

  stretch: {
    title: 'Streckung und Header',
    histogram: 'Verteilung der Werte vor der Streckung',
    blackLine: 'gestrichelt: Schwarzpunkt',
    background: 'Helligkeit des Himmels',
    shadows: 'Tiefe des Schwarzpunkts',
    explained:
      'Dieses Bild wurde automatisch gestreckt. Wenn du die Streckung änderst, wird es neu klassifiziert.',
    chosen: 'Diese Antwort gilt für eine Streckung, die du gewählt hast.',
    automatic: 'Automatische Streckung',
    classifying: 'Wird mit dieser Streckung klassifiziert …',
    header: 'Header der Datei',
    firstRows: 'Die ersten {shown, number} von {count, number} Zeilen',
    rows: '{count, plural, one {# Zeile} other {# Zeilen}}',
  },
  viewer: {
    open: 'Hineinzoomen',
    close: 'Schließen',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    whole: 'Ganzes Bild',
    fullSize: 'Volle Auflösung',
    layers: 'Umrisse und Begründung',
    loading: 'Wird geladen …',
    failed: 'Das Bild kann nicht in voller Auflösung geladen werden. Dies ist die Vorschau.',
  },
  foundObjects: {
    find: 'Objekte im Bild suchen',
    searching: 'Objekte werden gesucht. Das dauert einige Sekunden …',
    found:
      '{count, plural, =0 {Es wurden keine einzelnen Objekte gefunden.} one {# Objekt wurde gefunden.} other {# Objekte wurden gefunden.}}',
    explained: 'Jeder Rahmen nennt die wahrscheinlichste Klasse und ihre Wahrscheinlichkeit.',
    show: 'Gefundene Objekte',
    boxes: 'Rahmen um gefundene Objekte: {names}',
    failed: 'Die Suche ist fehlgeschlagen. {reason}',
  },
  saveImage: {
    button: 'Als Bild speichern',
    by: 'Klassifiziert mit deepsky, Modell {model}',
    failed: 'Das Bild wurde nicht gespeichert. {reason}',
  },
  details: {
    title: 'Einzelheiten',
    model: 'Modell',
    possible: 'Mögliche Klassen',
    nonePossible: 'keine',
    novelty: 'Neuheit',
    noveltyValue: '{value} (0: vertraut, 1: anders als alle Deep-Sky-Bilder in den Trainingsdaten)',
    size: 'Größe',
    sizeValue: '{width} × {height} Pixel',
    format: 'Format',
    stretch: 'Streckung',
    noStretch: 'nicht nötig',
    stretches: {
      mtf: 'automatisch (Mitteltonfunktion, MTF)',
      asinh: 'Areasinus hyperbolicus (asinh)',
      log: 'Logarithmus',
      sqrt: 'Quadratwurzel',
      linear: 'keine (linear)',
      zscale: 'linear, Grenzen nach ZScale',
      percentile: 'linear, Grenzen nach Perzentilen',
    },
    time: 'Zeit',
    timeValue: '{decode} ms zum Lesen, {infer} ms zum Klassifizieren',
    imageHash: 'SHA-256 des Bildes',
    modelHash: 'SHA-256 des Modells',
    exact: 'Genaue Wahrscheinlichkeiten',
  },

  models: {
    choice: 'Modell',
    which: 'Welches Modell ist das beste?',
    only: 'Modell: {model}',
    all: 'Alle vergleichen',
  },
  compare: {
    evidence: 'Warum? Zeigen, worauf sich jede Antwort stützt',
    title: 'Antworten aller Modelle',
    agree: 'Alle {count, number} Modelle sind sich einig: {label}.',
    differ: 'Die Modelle sind sich nicht einig. {groups}.',
    group: '{models}: {label}',
    outlier: 'Abweichend',
    shown: 'Antwort von {model}:',
    show: 'Vollständig anzeigen',
    isShown: 'Oben angezeigt',
  },

  judgement: {
    two: 'Zwei davon',
    unknown: 'Weiß nicht',
    chooseTwo: 'Wähle beide Klassen, die das Bild zeigt.',
    chooseSecond: '{first} und …? Wähle die zweite Klasse.',
  },

  feedback: {
    title: 'Deine Rückmeldung',
    question: 'Ist diese Antwort richtig?',
    keys: 'Oder drücke die Zifferntaste der richtigen Klasse: 1 für Galaxie, 2 für Nebel, 3 für Sternhaufen, 4 für kein Deep-Sky-Objekt. B: zwei davon.',
    correct: 'Ja',
    incorrect: 'Nein',
    which: 'Was zeigt das Bild?',
    undo: 'Rückgängig',
    saving: 'Wird gespeichert …',
    savedCorrect: 'Danke! Du hast die Antwort als richtig markiert.',
    savedUnknown: 'Danke! Deine Auswahl: Weiß nicht.',
    savedIncorrect: 'Danke!',
    savedLabel: 'Danke! Deine Auswahl: {label}.',
    failed: 'Deine Rückmeldung wurde nicht gespeichert. {reason}',
    purpose:
      'Die Rückmeldungen aller Nutzer zeigen, wie zuverlässig jedes Modell ist und was künftige Modelle noch lernen müssen.',
    comment: {
      add: 'Kommentar hinzufügen',
      edit: 'Bearbeiten',
      label: 'Dein Kommentar',
      yours: 'Dein Kommentar: {comment}',
      save: 'Kommentar speichern',
      cancel: 'Abbrechen',
    },
  },

  list: {
    show: 'Nur zeigen',
    layout: 'Darstellung',
    layouts: { grid: 'Kacheln', table: 'Tabelle' },
    search: 'Namen suchen',
    shown: '{shown, number} von {total, number} angezeigt',
    time: 'Beantwortet: {time}.',
    times: 'Beantwortet von {first} bis {last}.',
    columns: {
      selected: 'Ausgewählt',
      name: 'Name',
      label: 'Klasse',
      certainty: 'Sicherheit',
      model: 'Modell',
      time: 'Zeit',
    },
    select: '{name} auswählen',
    selection: 'Auswahl',
    selected: '{count, number} ausgewählt',
    selectAll: 'Alle {count, number} auswählen',
    selectNone: 'Auswahl aufheben',
    delete: 'Löschen',
    hint: 'Mehrere mit Umschalt oder Strg auswählen; die Entf-Taste löscht sie.',
    undo: {
      deleted: '{count, plural, one {# Antwort gelöscht} other {# Antworten gelöscht}}',
      explained:
        'Du kannst das {seconds, number} Sekunden lang rückgängig machen, solange du die Seite nicht schließt.',
      action: 'Rückgängig',
      failed:
        'Die Antworten konnten nicht gelöscht werden und stehen wieder in der Liste. {reason}',
      close: 'Schließen',
    },
  },

  session: {
    new: 'Neue Person',
    newExplained:
      'Beendet diese Sitzung, damit die nächste Person deine Bilder und Antworten nicht sieht, und beginnt eine neue.',
    started: 'Eine neue Sitzung hat begonnen.',
    previous:
      '{count, plural, one {Die Antwort der letzten Person ist verborgen, aber noch gespeichert. Niemand kann sie wieder öffnen.} other {Die # Antworten der letzten Person sind verborgen, aber noch gespeichert. Niemand kann sie wieder öffnen.}}',
    deletePrevious: 'Löschen',
    keep: 'Behalten',
    remember: 'In diesem Browser merken',
    rememberExplained:
      'Wenn dies ausgeschaltet ist, lässt sich dein Verlauf nach dem Schließen des Browsers nicht mehr öffnen. Schalte es an gemeinsam genutzten Geräten aus.',
    ends: 'Wenn du den Browser schließt, kannst du diese Antworten nicht mehr öffnen. Um sie zu behalten, schalte in den Einstellungen „In diesem Browser merken“ ein.',
  },

  history: {
    title: 'Verlauf',
    lead: 'Alle Bilder, die in diesem Browser oder mit deinem API-Schlüssel klassifiziert wurden.',
    gone: 'Unter dieser Adresse ist keine Antwort',
    goneLead:
      'Die Antwort wurde gelöscht, oder sie gehört zu einem anderen Browser oder API-Schlüssel. Nur der Browser oder Schlüssel, der das Bild gesendet hat, kann die Antwort öffnen. Um sie anderen zu zeigen, teile sie.',
    one: 'Antwort',
    back: '← Zurück zum Verlauf',
    by: '{model}, {date}',
    count: '{count, plural, =0 {Keine Antworten} one {# Antwort} other {# Antworten}}',
    empty: 'Noch keine Antworten. Bilder, die du klassifizierst, erscheinen hier.',
    start: 'Ein Bild klassifizieren',
    noMatches: 'Keine Antwort passt zu diesen Filtern.',
    clearFilters: 'Filter zurücksetzen',
    feedback: {
      none: 'Noch keine Rückmeldung',
      correct: '✓ Als richtig markiert',
      correctToo: '✓ Als richtig markiert, zeigt auch: {label}',
      incorrect: '✗ Als falsch markiert',
      unsure: 'Du weißt es nicht',
      label: '✗ Korrigiert zu: {label}',
    },
    filter: {
      title: 'Filter',
      show: 'Filtern und sortieren{count, plural, =0 {} other { (#)}}',
      sort: 'Sortierung',
      sorts: {
        newest: 'Neueste zuerst',
        oldest: 'Älteste zuerst',
        most_uncertain: 'Unsicherste zuerst',
        most_certain: 'Sicherste zuerst',
        name: 'Name, A bis Z',
        name_descending: 'Name, Z bis A',
        label: 'Klasse',
        model: 'Modell',
      },
      any: 'Alle',
      label: 'Klasse',
      verdict: 'Urteil',
      model: 'Modell',
      since: 'Von',
      until: 'Bis',
      feedback: 'Deine Rückmeldung',
      feedbacks: {
        correct: 'Richtig',
        incorrect: 'Falsch',
        unsure: 'Weiß nicht',
        none: 'Noch keine Rückmeldung',
      },
    },
    download: { csv: 'CSV herunterladen', json: 'JSON herunterladen' },
    delete: 'Löschen',
  },

  review: {
    title: 'Unsichere Antworten prüfen',
    lead: 'Sag, was jedes Bild zeigt, bevor du die Antwort siehst. Die unsichersten Antworten kommen zuerst, denn bei ihnen hilft deine Rückmeldung am meisten.',
    question: 'Was zeigt das Bild?',
    hidden: 'Antwort und Dateiname bleiben verborgen, bis du gewählt hast.',
    last: {
      agrees: 'Du sagst: {labels}. Das Modell stimmt zu.',
      differs: 'Du sagst: {labels}. Das Modell ist anderer Meinung.',
      unknown: 'Du sagst: Weiß nicht.',
      answer: '{model}: {answer}.',
      see: 'Antwort ansehen',
    },
    position:
      '{position, number} von {count, number}{more, select, yes { oder mehr} other {}}{reviewed, plural, =0 {} other {, # geprüft}}',
    reviewed: '{reviewed, number} geprüft',
    previous: 'Zurück',
    next: 'Weiter',
    undo: 'Rückgängig',
    shortcuts: 'Tastenkürzel',
    shortcutsTitle: 'Tastenkürzel',
    keys: {
      label: 'Auswählen: {label}',
      next: 'Nächstes Bild (ohne Rückmeldung zu geben)',
      previous: 'Vorheriges Bild',
      undo: 'Letzte Rückmeldung rückgängig machen',
      help: 'Tastenkürzel anzeigen',
      close: 'Dieses Fenster schließen',
    },
    empty: 'Es gibt nichts mehr zu prüfen. Du hast zu allen Antworten eine Rückmeldung gegeben.',
    done: 'Das Ende der Liste ist erreicht.{reviewed, plural, =0 {} one { Danke, du hast # Bild geprüft.} other { Danke, du hast # Bilder geprüft.}}',
    classify: 'Ein Bild klassifizieren',
    history: 'Verlauf anzeigen',
    failed: 'Deine Rückmeldung zu {name} wurde nicht gespeichert. {reason}',
  },

  performance: {
    title: 'Wie zuverlässig sind die Modelle?',
    lead: 'Jedes Modell wurde an Bildern getestet, die es noch nie gesehen hatte. Hier siehst du, wie oft es richtig lag, wie verlässlich dieser Wert ist und welche Fehler es macht.',
    table: 'Modelle im Vergleich',
    intervals:
      'Makro-F1 ist ein Maß für die Genauigkeit, das alle Klassen gleich gewichtet. Neue Fotografen: alle Bilder von Fotografen, von denen die Modelle keine Bilder gesehen haben. Das ist für deine eigenen Bilder zu erwarten. Neue Objekte: Bilder von Objekten, die die Modelle noch nie gesehen haben, aus bekannten Quellen. In Klammern: 95-%-Konfidenzintervalle.',
    model: 'Modell',
    version: 'Version {version}',
    newSources: 'Makro-F1, neue Fotografen',
    newObjects: 'Makro-F1, neue Objekte',
    images: '{count} Bilder',
    agreement: {
      title: 'Übereinstimmung mit den Nutzern',
      explained:
        'Wie oft Menschen, die Bilder vor der Antwort beurteilt haben, zur selben Klasse kamen wie das Modell. Das ist kein Maß für die Genauigkeit: Menschen können sich irren, und geprüft werden vor allem unsichere Antworten. Angezeigt ab {min} Beurteilungen; in Klammern: 95-%-Konfidenzintervall.',
      agreement: 'Übereinstimmung',
      judgements: 'Beurteilungen',
      tooFew: 'noch zu wenige Beurteilungen',
    },
    speed: 'Zeit auf diesem Server',
    speedOf: '{infer} pro Bild',
    speedFrom: 'Median von {answers} Antworten; Lesen eines Bildes: {decode}',
    notMeasured: 'noch nicht gemessen',
    size: 'Größe',
    sizeOf: '{bytes}, {parameters} Parameter',
    best: {
      title: 'Welches Modell ist das beste?',
      most: '{model} hat den höchsten Makro-F1-Wert.',
      behind:
        '{count, plural, one {Das Konfidenzintervall von {models} liegt vollständig unter dem des besten Modells; der Unterschied ist also kaum Zufall.} other {Die Konfidenzintervalle von {models} liegen vollständig unter dem des besten Modells; der Unterschied ist also kaum Zufall.}}',
      even: '{count, plural, one {Das Konfidenzintervall von {models} überschneidet sich mit dem des besten Modells; der Unterschied kann also Zufall sein.} other {Die Konfidenzintervalle von {models} überschneiden sich mit dem des besten Modells; der Unterschied kann also Zufall sein.}}',
      elsewhere:
        '{count, plural, one {{models} wurde an anderen Bildern getestet und lässt sich mit dem besten Modell nicht vergleichen.} other {{models} wurden an anderen Bildern getestet und lassen sich mit dem besten Modell nicht vergleichen.}}',
      fastest: '{model} ist auf diesem Server am schnellsten.',
    },
    interval: '{value} ({low} bis {high})',
    range: '{low} bis {high}',
    unknown: 'unbekannt',
    report: 'Bericht: {model}',
    allReports: 'Berichte aller Modelle',
    all: 'Alle Modelle',
    choose: 'Bericht anzeigen für',
    members: 'Dieses Ensemble kombiniert {models} und gewichtet die genaueren stärker.',
    limits: 'Bekannte Einschränkungen (auf Englisch):',
    confusion: {
      title: 'Konfusionsmatrix',
      explained:
        '{images} Testbilder. Zeilen: was das Bild zeigt. Spalten: die Antwort des Modells. Auf der Diagonale stehen die richtigen Antworten.',
      corner: 'Bild zeigt',
      cell: '{truth} klassifiziert als {answer}: {images}',
      choose: 'Wähle ein Feld aus, um Einzelheiten zu sehen.',
      images: {
        galaxy: 'Bildern von Galaxien',
        nebula: 'Bildern von Nebeln',
        star_cluster: 'Bildern von Sternhaufen',
        other: 'Bildern ohne Deep-Sky-Objekt',
      },
      correct: '{count} von {all} {images} ({percentage}) wurden richtig klassifiziert.',
      incorrect: '{count} von {all} {images} ({percentage}) wurden als „{label}“ klassifiziert.',
      interval: '95-%-Konfidenzintervall: {low} bis {high}.',
    },
    reliability: {
      title: 'Kalibrierung',
      explained:
        'Sind von den Antworten mit einer Konfidenz von 90\u00a0% auch 90\u00a0% richtig? Jeder Punkt steht für eine Gruppe von Testbildern mit ähnlicher Konfidenz; je größer der Punkt, desto mehr Bilder enthält sie. Auf der gestrichelten Linie stimmt der Anteil richtiger Antworten mit der Konfidenz überein. Die senkrechten Linien sind 95-%-Konfidenzintervalle.',
      described: 'Anteil richtiger Antworten nach Konfidenz',
      table: 'Zahlen anzeigen',
      images: 'Bilder',
      confidence: 'Konfidenz',
      accuracy: 'Richtige Antworten',
      bin: 'Konfidenz {confidence}, {accuracy} richtig, {images} Bilder',
    },
    training: {
      title: 'Trainingsverlauf',
      explained: 'Eine Epoche ist ein Durchgang durch alle Trainingsbilder.',
      described: 'Anteil richtiger Antworten nach jeder Epoche',
      epoch: 'Epoche',
      accuracy: 'Richtige Antworten',
      validation: 'Validierungsbilder',
      training: 'Trainingsbilder, zufällig verändert',
      trainingUnaltered: 'Trainingsbilder',
      fineTuning: 'Beginn der Feinabstimmung',
      headOnly: 'Nur die letzten Schichten wurden trainiert; alle anderen behielten ihre Gewichte.',
      stepsWithHead:
        'Zuerst wurden nur die letzten Schichten trainiert, dann {frozenStages, plural, =0 {das ganze Netz} one {alle Schichten außer denen der ersten Stufe, die behalten, was sie an Alltagsbildern gelernt haben} other {alle Schichten außer denen der ersten # Stufen, die behalten, was sie an Alltagsbildern gelernt haben}}.',
      steps:
        'In diesen Epochen {frozenStages, plural, =0 {wurde das ganze Netz} one {wurden alle Schichten außer denen der ersten Stufe, die behalten, was sie an Alltagsbildern gelernt haben,} other {wurden alle Schichten außer denen der ersten # Stufen, die behalten, was sie an Alltagsbildern gelernt haben,}} trainiert.',
    },
    perClass: {
      title: 'Ergebnisse je Klasse',
      of: 'Ergebnisse je Klasse: {model}',
      explained:
        'Präzision: Anteil der richtigen unter allen Antworten mit dieser Klasse. Sensitivität: Anteil der erkannten unter allen Bildern dieser Klasse. F1: fasst beide Werte in einer Zahl zusammen. Unter jedem Wert steht sein 95-%-Konfidenzintervall.',
      label: 'Klasse',
      precision: 'Präzision',
      recall: 'Sensitivität',
      f1: 'F1',
    },
  },

  accuracyOnNewSources:
    '{model} klassifizierte {accuracy} der {images} Bilder von Fotografen richtig, deren Bilder es nicht kannte (95-%-Konfidenzintervall {low} bis {high}).',
  accuracy:
    '{model} klassifizierte {accuracy} der {images} Testbilder richtig (95-%-Konfidenzintervall {low} bis {high}). Keines davon wurde zum Training verwendet.',
  privacy: {
    server: 'Deine Bilder werden nur an diesen deepsky-Server gesendet.',
    session: 'Andere Personen sehen sie nicht, solange du sie nicht teilst.',
    key: 'Alle, die deinen API-Schlüssel verwenden, können sie sehen und löschen.',
    kept: 'Sie bleiben gespeichert, bis du sie unter „Verlauf“ löschst.',
    deleted:
      'Sie werden nach {days, plural, one {einem Tag} other {# Tagen}} gelöscht, oder früher, wenn du sie unter „Verlauf“ löschst.',
  },
  apiDocs: 'API',
  nav: {
    title: 'Seiten',
    skip: 'Zum Inhalt springen',
    classify: 'Klassifizieren',
    history: 'Verlauf',
    review: 'Prüfen',
    models: 'Modelle',
    learn: 'Wissen',
  },
  settings: {
    title: 'Einstellungen',
    theme: 'Farbschema',
    themes: { auto: 'System', light: 'Hell', dark: 'Dunkel', red: 'Rot' },
    red: '„Rot“ nutzt nur rotes Licht, um die Nachtsicht zu erhalten.',
    brightness: 'Helligkeit',
    language: 'Sprache',
    languageFailed:
      'Die Texte in dieser Sprache konnten nicht geladen werden. Prüfe, ob der Server läuft und du mit ihm verbunden bist, und versuche es dann erneut oder lade die Seite neu.',
    shortcuts: 'Tastenkürzel',
    shortcutsExplained:
      'Einzelne Tasten wie Y, N und 1 bis 4. Schalte die Tastenkürzel aus, wenn du Sprachsteuerung verwendest.',
  },
  key: {
    title: 'API-Schlüssel erforderlich',
    lead: 'Dieser Server verlangt einen API-Schlüssel. Du bekommst ihn vom Betreiber.',
    label: 'API-Schlüssel',
    placeholder: 'dsk_…',
    use: 'Diesen Schlüssel verwenden',
    stored:
      'Der Schlüssel bleibt in diesem Browser gespeichert, bis du ihn unter „Einstellungen“ entfernst. Er wird nur an diesen Server gesendet.',
    inUse:
      'Dieser Browser verwendet einen API-Schlüssel und zeigt die Antworten, die zu diesem Schlüssel gehören.',
    remove: 'Schlüssel entfernen',
  },
  learn: {
    aboutKind: 'Weiterlesen: {kind}',
    about: {
      galaxy: 'Weiterlesen: Was eine Galaxie ist und was ihr ähnlich sieht',
      nebula: 'Weiterlesen: Was ein Nebel ist und was ihm ähnlich sieht',
      star_cluster: 'Weiterlesen: Was ein Sternhaufen ist und was ihm ähnlich sieht',
      other: 'Weiterlesen: Was kein Deep-Sky-Objekt ist',
    },
    verdict: 'Was bedeutet das?',
    evidence: 'Wie die Netze entscheiden',
    figures: 'Was die Zahlen bedeuten',
    data: 'Trainingsdaten und Grenzen',
  },
  cookies: {
    blocked: 'Dieser Browser blockiert Cookies für diese Website.',
    needed:
      'deepsky benötigt ein Cookie, um zu wissen, welche Antworten dir gehören. Ohne Cookie werden Bilder klassifiziert, aber ihre Antworten lassen sich nicht wieder öffnen, und Einstellungen werden nicht gespeichert. Erlaube im Browser Cookies für diese Website, und lade die Seite neu.',
  },
  offline: {
    title: 'Offline: Der deepsky-Server antwortet nicht.',
    explained:
      'Du siehst, was dieser Browser von deinem letzten Besuch behalten hat. Neue Bilder lassen sich klassifizieren, sobald der Server wieder antwortet.',
  },
  loading: 'Wird geladen …',
  share: {
    button: 'Teilen',
    title: 'Diese Antwort teilen',
    explanation:
      'Erzeugt einen Link. Wer den Link hat, kann das Bild und die Antwort sehen, aber weder die Datei noch ihren Namen oder deine Rückmeldung. Niemand kann etwas ändern oder löschen. Du kannst den Link jederzeit zurückziehen.',
    isShared: 'Wer diesen Link hat, kann das Bild und die Antwort sehen.',
    create: 'Link erzeugen',
    link: 'Link',
    copy: 'Kopieren',
    copied: 'Kopiert',
    withdraw: 'Link zurückziehen',
    close: 'Schließen',
    page: 'Eine geteilte Antwort',
    pageLead: 'Jemand hat dieses Bild mit deepsky klassifiziert und die Antwort mit dir geteilt.',
    gone: 'Unter dieser Adresse wird nichts geteilt',
    goneLead:
      'Der Link wurde zurückgezogen, die Antwort gelöscht, oder die Adresse ist unvollständig. Bitte die Person, die dir den Link geschickt hat, um einen neuen.',
  },
  notFound: {
    title: 'Seite nicht gefunden',
    lead: 'Unter dieser Adresse gibt es keine Seite.',
    back: 'Zur Startseite',
  },
  broken: {
    title: 'Diese Seite konnte nicht geladen werden',
    lead: 'Prüfe, ob der Server läuft und du mit ihm verbunden bist, und lade die Seite dann neu.',
    reload: 'Neu laden',
    stillUnreachable: 'Der Server antwortet immer noch nicht.',
  },

  errors: {
    title: 'Etwas ist schiefgelaufen',
    unsupportedFormat:
      'Dieses Format oder diese Variante wird nicht unterstützt. Meist hilft es, das Bild als FITS, TIFF, PNG oder JPEG zu speichern. Die genaue Meldung des Servers: “{detail}”',
    byCode: {
      unreachable:
        'Der deepsky-Server antwortet nicht. Prüfe, ob er läuft und du mit ihm verbunden bist, und versuche es dann erneut.',
      unexpected:
        'Der Server hat eine unerwartete Antwort gesendet. Versuche es erneut. Wenn das Problem bestehen bleibt, prüfe das Protokoll des Servers.',
      file_gone:
        'Diese Datei kann nicht mehr gelesen werden: Sie wurde nach der Auswahl verschoben, umbenannt oder geändert. Wähle sie erneut aus.',
      key_required:
        'Dieser Server verlangt einen API-Schlüssel. Gib ihn unter „Einstellungen“ ein.',
      invalid_key:
        'Dieser API-Schlüssel ist unbekannt oder wurde gesperrt. Bitte den Betreiber des Servers um einen anderen.',
      empty_file: 'Die Datei ist leer. Wähle eine andere aus.',
      corrupt_image:
        'Das Bild ist beschädigt oder unvollständig. Lade es erneut herunter oder speichere es neu.',
      image_missing:
        'Die Datei dieses Bildes fehlt auf dem Server. Die Antwort ist noch vorhanden. Lade das Bild erneut hoch, um es zu sehen.',
      no_image_data: 'Die Datei ist lesbar, enthält aber kein Bild.',
      image_error: 'Dieses Bild kann nicht verarbeitet werden. Versuche es mit einem anderen.',
      file_unreadable: 'Die Datei kann nicht gelesen werden.',
      read_timeout:
        'Das Lesen des Bildes dauert zu lange. Verkleinere es oder speichere es in einem anderen Format.',
      reader_failed:
        'Das Lesen des Bildes ist fehlgeschlagen, wahrscheinlich aus Speichermangel. Versuche es gleich noch einmal.',
      read_cancelled: 'Das Lesen des Bildes wurde abgebrochen.',
      limit_exceeded: 'Das Bild ist größer, als es dieser Server erlaubt. Verkleinere es.',
      file_too_large: 'Die Datei ist größer, als es dieser Server erlaubt. Verkleinere das Bild.',
      too_many_pixels:
        'Das Bild hat mehr Pixel, als es dieser Server erlaubt. Verkleinere es oder schneide es zu.',
      too_many_frames:
        'Die Datei enthält mehr Einzelbilder, als es dieser Server erlaubt. Speichere eines davon als eigene Datei.',
      too_much_memory:
        'Das Lesen des Bildes braucht mehr Speicher, als es dieser Server erlaubt. Verkleinere es.',
      too_many_images: 'Das sind mehr Bilder, als dieser Server auf einmal annimmt.',
      too_many_requests: 'Zu viele Anfragen. Warte einen Moment und versuche es erneut.',
      overloaded: 'Der Server ist ausgelastet. Warte einen Moment und versuche es erneut.',
      storage_unavailable:
        'Die Datenbank des Servers ist nicht verfügbar. Versuche es gleich noch einmal.',
      internal_server_error:
        'Auf dem Server ist ein Fehler aufgetreten. Der Betreiber findet Einzelheiten im Protokoll.',
      not_found: 'Dieser Eintrag existiert nicht oder gehört jemand anderem.',
      model_not_found: 'Dieses Modell ist auf diesem Server nicht installiert. Wähle ein anderes.',
      model_error: 'Dieses Modell kann nicht verwendet werden. Wähle ein anderes.',
      model_corrupt:
        'Die Dateien des Modells fehlen oder sind beschädigt. Wähle ein anderes Modell oder informiere den Betreiber.',
      solver_unavailable: 'Dieser Server bestimmt keine Himmelspositionen von Bildern.',
      cross_site_request: 'Die Anfrage kam von einer fremden Website und wurde abgelehnt.',
      misdirected_request: 'Der Server akzeptiert den Hostnamen in dieser Adresse nicht.',
    },
  },
};
